package io.wasmrunner.proxy;

/**
 * Whether the body of a request comes fast enough: one that trickles in holds a connection and a
 * runner for as long as its sender likes. Confined to its event loop.
 */
final class BodyRate {
  /** The rate is an average over this. */
  static final long WINDOW_NANOS = 10_000_000_000L;

  private final long leastBytes;
  private long since;
  private long before;

  /** With a least rate in bytes a second; 0 for none. */
  BodyRate(int bytesPerSecond) {
    this.leastBytes = bytesPerSecond * (WINDOW_NANOS / 1_000_000_000L);
  }

  /** Measures from now on. */
  void begin(long now, long bytes) {
    since = now;
    before = bytes;
  }

  /** Whether too little has come in a whole window; begins the next one. */
  boolean isTooLow(long now, long bytes) {
    if (now - since < WINDOW_NANOS) {
      return false;
    }
    boolean low = bytes - before < leastBytes;
    begin(now, bytes);
    return low;
  }
}
