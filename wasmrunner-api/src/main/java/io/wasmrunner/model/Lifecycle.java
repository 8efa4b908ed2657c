package io.wasmrunner.model;

import java.util.List;

/**
 * How the runners of a service are kept running.
 *
 * @param runners number of copies, at least 1; default 1
 * @param health how they are probed
 * @param restart what happens when one has ended
 * @param deploy how they are replaced by others
 * @param dependsOn services that have to be ready before these start
 */
public record Lifecycle(
    int runners,
    HealthCheck health,
    RestartSettings restart,
    DeploySettings deploy,
    List<String> dependsOn) {
  /** The defaults. */
  public static final Lifecycle DEFAULT =
      new Lifecycle(
          1, HealthCheck.DEFAULT, RestartSettings.DEFAULT, DeploySettings.DEFAULT, List.of());

  /** Copies the list. */
  public Lifecycle {
    dependsOn = List.copyOf(dependsOn);
  }

  /** The same with another number of copies. */
  public Lifecycle withRunners(int other) {
    return new Lifecycle(other, health, restart, deploy, dependsOn);
  }
}
