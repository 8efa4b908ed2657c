package io.wasmrunner.model;

/**
 * How requests reach a service.
 *
 * @param loadBalancing strategy with settings; default {@code round_robin}
 * @param timeouts how long the proxy waits
 * @param resilience what it does about runners that fail or are slow
 * @param policies what it asks of requests
 */
public record TrafficSettings(
    PluginChoice loadBalancing, Timeouts timeouts, Resilience resilience, Policies policies) {
  /** The defaults. */
  public static final TrafficSettings DEFAULT =
      new TrafficSettings(
          PluginChoice.named("round_robin"),
          Timeouts.DEFAULT,
          Resilience.DEFAULT,
          Policies.DEFAULT);

  /** The same with other time-outs. */
  public TrafficSettings withTimeouts(Timeouts other) {
    return new TrafficSettings(loadBalancing, other, resilience, policies);
  }

  /** The same with another strategy. */
  public TrafficSettings withLoadBalancing(PluginChoice other) {
    return new TrafficSettings(other, timeouts, resilience, policies);
  }

  /** The same with other resilience. */
  public TrafficSettings withResilience(Resilience other) {
    return new TrafficSettings(loadBalancing, timeouts, other, policies);
  }

  /** The same with other policies. */
  public TrafficSettings withPolicies(Policies other) {
    return new TrafficSettings(loadBalancing, timeouts, resilience, other);
  }
}
