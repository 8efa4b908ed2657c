package io.wasmrunner.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * How long a runner waits before it starts again: pauses that double, with jitter, so that many
 * that fail together do not start together. One per runner.
 */
final class RestartPolicy {
  static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A runner that was healthy for this long begins anew. */
  static final Duration STABLE = Duration.ofSeconds(60);

  /** More exits than this within {@link #PERIOD} are a crash loop. */
  static final int MOST_EXITS = 5;

  static final Duration PERIOD = Duration.ofSeconds(60);

  private static final double JITTER = 0.2;

  private final RandomGenerator random;
  private final Deque<Instant> exits = new ArrayDeque<>();
  private int attempt;
  private boolean crashLoop;

  RestartPolicy(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Notes an exit and says how long to wait.
   *
   * @param now the time of the exit
   * @param healthy how long the runner had been healthy without a break
   */
  Duration pauseAfterExit(Instant now, Duration healthy) {
    if (healthy.compareTo(STABLE) >= 0) {
      exits.clear();
      attempt = 0;
      crashLoop = false;
    }
    exits.addLast(now);
    while (exits.size() > MOST_EXITS + 1 || exits.peekFirst().isBefore(now.minus(PERIOD))) {
      exits.removeFirst();
    }
    crashLoop = crashLoop || exits.size() > MOST_EXITS;
    Duration pause = crashLoop ? LONGEST_PAUSE : doubled(attempt++);
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.round(pause.toMillis() * factor));
  }

  /** Whether the runner ends too often; true until it was healthy for a while. */
  boolean crashLoop() {
    return crashLoop;
  }

  private static Duration doubled(int times) {
    long millis = FIRST_PAUSE.toMillis() << Math.min(times, 20);
    return Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis()));
  }
}
