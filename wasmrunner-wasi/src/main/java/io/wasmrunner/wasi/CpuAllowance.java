package io.wasmrunner.wasi;

/**
 * What a guest may still use of its share of a core. It grows with time, up to what a window gives,
 * and shrinks with the time used; below zero the guest has to wait. Used by the guest's thread
 * alone.
 */
final class CpuAllowance {
  /** Idle time is saved up for this long: the longest burst at full speed is its share of it. */
  static final long WINDOW_NANOS = 100_000_000;

  private final double share;
  private double left;
  private long at;
  private long used;

  /**
   * A full allowance.
   *
   * @param share of one core, above 0 and below 1
   * @param now time in nanoseconds
   * @param cpu CPU time used before, in nanoseconds
   */
  CpuAllowance(double share, long now, long cpu) {
    this.share = share;
    this.left = share * WINDOW_NANOS;
    this.at = now;
    this.used = cpu;
  }

  /** Nanoseconds to wait from {@code now} until the allowance is no longer overdrawn. */
  long settle(long now, long cpu) {
    left = Math.min(left + (now - at) * share, share * WINDOW_NANOS) - (cpu - used);
    at = now;
    used = cpu;
    return left >= 0 ? 0 : (long) Math.ceil(-left / share);
  }
}
