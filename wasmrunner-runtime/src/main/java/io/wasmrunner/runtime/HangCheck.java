package io.wasmrunner.runtime;

import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.util.Optional;

/** Tells a runner that hangs from one that is slow. Its probes have failed when this is asked. */
final class HangCheck {
  static final Duration SILENT = Duration.ofSeconds(10);

  /** Interpreted code takes seconds for what compiled code does in milliseconds. */
  static final Duration SILENT_INTERPRETED = Duration.ofSeconds(60);

  /** A call of the host may wait for another service, and that for as long as a request may. */
  static final Duration WAITING = Duration.ofSeconds(60);

  private HangCheck() {}

  /** How it hangs, if it does. */
  static Optional<String> of(RunnerSite site, Generation generation) {
    RunnerUsage usage = generation.usage();
    Duration silent = generation.runsSlowCode() ? SILENT_INTERPRETED : SILENT;
    if (usage.idle().compareTo(silent) > 0) {
      return Optional.of("no call to the host for " + Durations.describe(usage.idle()));
    }
    Duration request = site.service().traffic().timeouts().firstByte();
    if (usage.waiting().compareTo(request.compareTo(WAITING) > 0 ? request : WAITING) > 0) {
      return Optional.of(
          "it waits in %s for %s"
              .formatted(usage.activity().lastCall(), Durations.describe(usage.waiting())));
    }
    return Optional.empty();
  }
}
