package io.wasmrunner.model;

/**
 * How the runners of a service are kept running.
 *
 * @param runners number of copies, at least 1; default 1
 * @param health how they are probed
 */
public record Lifecycle(int runners, HealthCheck health) {
  /** The defaults. */
  public static final Lifecycle DEFAULT = new Lifecycle(1, HealthCheck.DEFAULT);

  /** The same with another number of copies. */
  public Lifecycle withRunners(int other) {
    return new Lifecycle(other, health);
  }
}
