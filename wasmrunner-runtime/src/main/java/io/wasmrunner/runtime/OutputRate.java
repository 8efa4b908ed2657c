package io.wasmrunner.runtime;

import java.time.Clock;
import java.util.function.LongConsumer;

/**
 * How much of a runner's output is logged: so many bytes begun in each second, and the lines beyond
 * that are counted. Thread-safe.
 */
final class OutputRate {
  /** What a line costs beside its text, so that empty ones are not free. */
  private static final int LINE_OVERHEAD = 64;

  private final long bytesPerSecond;
  private final Clock clock;
  private final LongConsumer tell;
  private long second;
  private long left;
  private long untold;
  private long dropped;

  /**
   * A rate.
   *
   * @param tell takes the number of lines that were dropped, at most once a second
   */
  OutputRate(long bytesPerSecond, Clock clock, LongConsumer tell) {
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
    this.tell = tell;
  }

  /** Whether a line of this length is logged; else it is counted as dropped. */
  synchronized boolean admits(int bytes) {
    long now = Math.floorDiv(clock.millis(), 1000L);
    if (now != second) {
      second = now;
      left = bytesPerSecond;
      tellDropped();
    }
    if (left <= 0) {
      untold++;
      dropped++;
      return false;
    }
    left -= bytes + LINE_OVERHEAD;
    return true;
  }

  /** Tells of dropped lines that nothing has been said about yet. */
  synchronized void tellDropped() {
    if (untold > 0) {
      tell.accept(untold);
      untold = 0;
    }
  }

  /** Lines dropped so far. */
  synchronized long dropped() {
    return dropped;
  }
}
