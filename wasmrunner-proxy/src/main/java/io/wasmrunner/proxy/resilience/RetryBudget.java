package io.wasmrunner.proxy.resilience;

import io.wasmrunner.proxy.resilience.SlidingCounts.Sums;

/** Keeps retries a small part of the requests, so that they cannot become the overload. */
public final class RetryBudget {
  /** So many are allowed in a window however few requests there are. */
  static final int FEW = 10;

  private static final long WINDOW_NANOS = 10_000_000_000L;

  private final int percent;
  private final SlidingCounts counts = new SlidingCounts(WINDOW_NANOS);

  /** Makes one. */
  public RetryBudget(int percent) {
    this.percent = percent;
  }

  /** A request came. */
  public void requested(long now) {
    counts.add(now, 1, 0);
  }

  /** Whether it may be sent again; if so, that is counted. */
  public synchronized boolean tryRetry(long now) {
    Sums sums = counts.sums(now);
    if (percent == 0
        || (sums.marked() >= FEW && (sums.marked() + 1) * 100 > sums.all() * percent)) {
      return false;
    }
    counts.add(now, 0, 1);
    return true;
  }
}
