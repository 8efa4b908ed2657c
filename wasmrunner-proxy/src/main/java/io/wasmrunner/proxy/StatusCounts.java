package io.wasmrunner.proxy;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How often each status was given. Counts of a class of statuses are made when the first of it
 * comes: most see one or two. Thread-safe.
 */
final class StatusCounts {
  private static final int CLASSES = 10;
  private static final int CLASS = 100;

  private final AtomicReferenceArray<@Nullable AtomicLongArray> classes =
      new AtomicReferenceArray<>(CLASSES);

  /** Counts one; what has more than three digits is counted as 999. */
  void count(int status) {
    int bounded = Math.max(0, Math.min(status, CLASSES * CLASS - 1));
    AtomicLongArray counts = classes.get(bounded / CLASS);
    if (counts == null) {
      counts = begin(bounded / CLASS);
    }
    counts.getAndIncrement(bounded % CLASS);
  }

  /** What was counted, by status. */
  Map<Integer, Long> sums() {
    Map<Integer, Long> sums = new TreeMap<>();
    for (int i = 0; i < CLASSES; i++) {
      AtomicLongArray counts = classes.get(i);
      for (int j = 0; counts != null && j < CLASS; j++) {
        long sum = counts.get(j);
        if (sum > 0) {
          sums.put(i * CLASS + j, sum);
        }
      }
    }
    return sums;
  }

  private AtomicLongArray begin(int index) {
    AtomicLongArray fresh = new AtomicLongArray(CLASS);
    AtomicLongArray other = classes.compareAndExchange(index, null, fresh);
    return other == null ? fresh : other;
  }
}
