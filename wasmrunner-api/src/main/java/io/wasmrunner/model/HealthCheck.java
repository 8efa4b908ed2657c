package io.wasmrunner.model;

import java.time.Duration;

/**
 * How the runners of a service are probed.
 *
 * @param probe probe plugin with its settings; default {@code http} with path {@code /health}
 * @param interval pause between probes of one runner; default 5 s
 * @param timeout a probe that takes longer has failed; default 2 s
 * @param healthyAfter successes in a row that make a runner healthy; default 1
 * @param unhealthyAfter failures in a row that make it unhealthy; default 2
 */
public record HealthCheck(
    PluginChoice probe, Duration interval, Duration timeout, int healthyAfter, int unhealthyAfter) {
  /** The defaults. */
  public static final HealthCheck DEFAULT =
      new HealthCheck(
          PluginChoice.named("http"), Duration.ofSeconds(5), Duration.ofSeconds(2), 1, 2);
}
