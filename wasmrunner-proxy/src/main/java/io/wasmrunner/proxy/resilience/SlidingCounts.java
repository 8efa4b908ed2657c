package io.wasmrunner.proxy.resilience;

import java.util.Arrays;

/** Two counts over a window that moves on in tenths. */
final class SlidingCounts {
  private static final int SLOTS = 10;

  private final long slotNanos;
  private final long[] slots = new long[SLOTS];
  private final int[] all = new int[SLOTS];
  private final int[] marked = new int[SLOTS];

  SlidingCounts(long windowNanos) {
    this.slotNanos = Math.max(1, windowNanos / SLOTS);
    Arrays.fill(slots, Long.MIN_VALUE);
  }

  /**
   * Both counts within the window.
   *
   * @param all everything counted
   * @param marked what of it was marked
   */
  record Sums(long all, long marked) {}

  /** Counts so many, some of them marked. */
  synchronized void add(long now, int count, int ofThemMarked) {
    long slot = Math.floorDiv(now, slotNanos);
    int at = (int) Math.floorMod(slot, (long) SLOTS);
    if (slots[at] != slot) {
      slots[at] = slot;
      all[at] = 0;
      marked[at] = 0;
    }
    all[at] += count;
    marked[at] += ofThemMarked;
  }

  synchronized Sums sums(long now) {
    long slot = Math.floorDiv(now, slotNanos);
    long sum = 0;
    long sumOfMarked = 0;
    for (int i = 0; i < SLOTS; i++) {
      if (slots[i] != Long.MIN_VALUE && slots[i] > slot - SLOTS && slots[i] <= slot) {
        sum += all[i];
        sumOfMarked += marked[i];
      }
    }
    return new Sums(sum, sumOfMarked);
  }

  synchronized void clear() {
    Arrays.fill(slots, Long.MIN_VALUE);
  }
}
