package io.wasmrunner.scheduler;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again, and when it is given up.
 *
 * @param pauses pause after the first, second, … failed attempt; the last one repeats
 * @param maxAttempts failed attempts after which a delivery is dead; default 12, which the default
 *     pauses spread over about 28 hours
 * @param jitter each pause is longer or shorter by up to this share, 0 to 1; default 0.2
 * @param maxAge a message is given up at this age even if the service could never be asked; default
 *     3 days
 */
public record RetryPolicy(List<Duration> pauses, int maxAttempts, double jitter, Duration maxAge) {
  /** The defaults. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          List.of(
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofMinutes(30),
              Duration.ofHours(1),
              Duration.ofHours(2),
              Duration.ofHours(4),
              Duration.ofHours(8),
              Duration.ofHours(12)),
          12,
          0.2,
          Duration.ofDays(3));

  /** Copies the list and checks the values. */
  public RetryPolicy {
    pauses = List.copyOf(pauses);
    if (pauses.isEmpty() || pauses.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException("pauses must not be empty or negative, got " + pauses);
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, got " + maxAttempts);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be 0 to 1, got " + jitter);
    }
  }

  /** Pause after this attempt, counted from 1. */
  Duration pauseAfter(int attempt, RandomGenerator random) {
    Duration pause = pauses.get(Math.min(Math.max(attempt, 1), pauses.size()) - 1);
    double factor = 1 + jitter * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(pause.toMillis() * factor));
  }

  /** The longest pause there can be. */
  Duration longestPause() {
    long longest = pauses.stream().mapToLong(Duration::toMillis).max().orElseThrow();
    return Duration.ofMillis(Math.round(longest * (1 + jitter)));
  }
}
