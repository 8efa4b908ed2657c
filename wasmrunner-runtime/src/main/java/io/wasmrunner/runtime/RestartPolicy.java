package io.wasmrunner.runtime;

import io.wasmrunner.model.RestartSettings;
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
  private static final double JITTER = 0.2;

  private final RandomGenerator random;
  private final Deque<Instant> exits = new ArrayDeque<>();
  private RestartSettings settings;
  private int attempt;
  private boolean crashLoop;

  RestartPolicy(RestartSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /** Other settings count from now on, and nothing that was. */
  void beginAnew(RestartSettings next) {
    settings = next;
    exits.clear();
    attempt = 0;
    crashLoop = false;
  }

  /**
   * Notes an exit and says how long to wait.
   *
   * @param now the time of the exit
   * @param healthy how long the runner had been healthy without a break
   */
  Duration pauseAfterExit(Instant now, Duration healthy) {
    if (healthy.compareTo(settings.resetAfter()) >= 0) {
      beginAnew(settings);
    }
    if (settings.intensity() > 0) {
      exits.addLast(now);
      Instant oldest = now.minus(settings.period());
      while (exits.size() > settings.intensity() + 1 || exits.peekFirst().isBefore(oldest)) {
        exits.removeFirst();
      }
      crashLoop = crashLoop || exits.size() > settings.intensity();
    }
    Duration pause = crashLoop ? settings.maxBackoff() : doubled(attempt++);
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.round(pause.toMillis() * factor));
  }

  /** Whether the runner ends too often; true until it was healthy for a while. */
  boolean crashLoop() {
    return crashLoop;
  }

  private Duration doubled(int times) {
    long longest = settings.maxBackoff().toMillis();
    long millis = settings.backoff().toMillis();
    for (int i = 0; i < times && millis < longest; i++) {
      millis *= 2;
    }
    return Duration.ofMillis(Math.min(millis, longest));
  }
}
