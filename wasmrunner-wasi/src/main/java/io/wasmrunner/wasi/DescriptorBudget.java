package io.wasmrunner.wasi;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Files and sockets that all guests together may have open, because the system counts them for the
 * process as a whole. Guests that open at the same moment may exceed it by one each. Thread-safe.
 */
public final class DescriptorBudget {
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();

  /** A budget of {@code limit} descriptors. */
  public DescriptorBudget(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit is negative: " + limit);
    }
    this.limit = limit;
  }

  /** A budget that never refuses. */
  public static DescriptorBudget unlimited() {
    return new DescriptorBudget(Integer.MAX_VALUE);
  }

  /** Descriptors that are open now, without standard streams. */
  public int used() {
    return open.get();
  }

  /** Descriptors that may be open in all. */
  public int limit() {
    return limit;
  }

  boolean exhausted() {
    return open.get() >= limit;
  }

  void take() {
    open.incrementAndGet();
  }

  void give() {
    open.decrementAndGet();
  }
}
