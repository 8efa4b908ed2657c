package io.wasmrunner.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When a runner that ended by itself starts again, and how often it has. Lives on the actor. */
final class Restarts {
  private final RestartPolicy policy;
  private final RunnerNews news;
  private long count;
  private @Nullable Instant nextStartAt;

  Restarts(RunnerSite site, RunnerNews news, RandomGenerator random) {
    this.policy = new RestartPolicy(site.restart(), random);
    this.news = news;
  }

  /** How often it has started again. */
  long count() {
    return count;
  }

  /** When it starts again, while it waits for that. */
  Optional<Instant> nextStartAt() {
    return Optional.ofNullable(nextStartAt);
  }

  /** Whether it ends too often. */
  boolean loops() {
    return policy.crashLoop();
  }

  /** Another version, or an operator, gives it another chance. */
  void beginAnew(RunnerSite site) {
    policy.beginAnew(site.restart());
  }

  /**
   * It has ended: says how long to wait.
   *
   * @param healthy how long it had been healthy without a break
   */
  Duration pauseAfterExit(RunnerSite site, Duration healthy) {
    boolean loopedBefore = policy.crashLoop();
    Instant now = site.clock().instant();
    Duration pause = policy.pauseAfterExit(now, healthy);
    if (policy.crashLoop() && !loopedBefore) {
      news.loops(pause, site.restart());
    } else {
      news.startsAgain(pause);
    }
    nextStartAt = now.plus(pause);
    return pause;
  }

  /** The pause is over. */
  void startsAgain() {
    count++;
  }

  /** It waits no longer. */
  void noneWaits() {
    nextStartAt = null;
  }
}
