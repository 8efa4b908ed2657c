package io.wasmrunner.proxy;

import io.wasmrunner.model.RequestStats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Answers by status in each of the last 60 minutes. Thread-safe, and cheap to count with. */
final class MinuteCounts {
  static final int WINDOW = 60;

  private final AtomicReferenceArray<@Nullable Minute> ring = new AtomicReferenceArray<>(WINDOW);

  private record Minute(long number, StatusCounts counts) {}

  /** Counts an answer given in this minute since the epoch. */
  void count(long minute, int status) {
    at(minute).counts().count(status);
  }

  /** What is left of the window that ends with this minute, oldest first. */
  List<RequestStats.MinuteCounts> upTo(long now) {
    List<RequestStats.MinuteCounts> minutes = new ArrayList<>();
    for (int i = 0; i < WINDOW; i++) {
      Minute minute = ring.get(i);
      if (minute != null && within(minute.number(), now)) {
        minutes.add(new RequestStats.MinuteCounts(minute.number(), minute.counts().sums()));
      }
    }
    minutes.sort(Comparator.comparingLong(RequestStats.MinuteCounts::minute));
    return minutes;
  }

  /** Whether nothing is left of the window that ends with this minute. */
  boolean emptyAt(long now) {
    for (int i = 0; i < WINDOW; i++) {
      Minute minute = ring.get(i);
      if (minute != null && within(minute.number(), now)) {
        return false;
      }
    }
    return true;
  }

  private static boolean within(long minute, long now) {
    return minute > now - WINDOW && minute <= now;
  }

  private Minute at(long number) {
    int slot = (int) Math.floorMod(number, (long) WINDOW);
    while (true) {
      Minute minute = ring.get(slot);
      if (minute != null && minute.number() >= number) {
        return minute;
      }
      Minute fresh = new Minute(number, new StatusCounts());
      if (ring.compareAndSet(slot, minute, fresh)) {
        return fresh;
      }
    }
  }
}
