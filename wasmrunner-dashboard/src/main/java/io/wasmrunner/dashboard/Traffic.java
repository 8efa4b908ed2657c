package io.wasmrunner.dashboard;

import io.wasmrunner.model.RequestStats.MinuteCounts;
import java.time.Instant;
import java.util.List;

/** Answers per minute and status class in the last hour: 60 minutes, the running one last. */
final class Traffic {
  static final int MINUTES = 60;
  static final int CLASSES = 5;

  private final long[][] counts = new long[MINUTES][CLASSES];

  private Traffic() {}

  static Traffic of(List<MinuteCounts> minutes, Instant now) {
    Traffic traffic = new Traffic();
    long oldest = now.getEpochSecond() / 60 - MINUTES + 1;
    for (MinuteCounts minute : minutes) {
      long position = minute.minute() - oldest;
      if (position >= 0 && position < MINUTES) {
        minute
            .counts()
            .forEach((status, n) -> traffic.counts[(int) position][statusClass(status)] += n);
      }
    }
    return traffic;
  }

  /** Answers of a class (0 for 1xx, 4 for 5xx) in a minute (59 for the running one). */
  long count(int minute, int statusClass) {
    return counts[minute][statusClass];
  }

  /** Answers in a minute. */
  long count(int minute) {
    long sum = 0;
    for (long count : counts[minute]) {
      sum += count;
    }
    return sum;
  }

  /** Answers of a class in the hour. */
  long total(int statusClass) {
    long sum = 0;
    for (long[] minute : counts) {
      sum += minute[statusClass];
    }
    return sum;
  }

  /** Answers in the hour. */
  long total() {
    long sum = 0;
    for (int minute = 0; minute < MINUTES; minute++) {
      sum += count(minute);
    }
    return sum;
  }

  /** Answers in the busiest minute. */
  long busiest() {
    long most = 0;
    for (int minute = 0; minute < MINUTES; minute++) {
      most = Math.max(most, count(minute));
    }
    return most;
  }

  private static int statusClass(int status) {
    return Math.max(1, Math.min(CLASSES, status / 100)) - 1;
  }
}
