package io.wasmrunner.spi;

import java.util.List;

/**
 * {@link java.util.ServiceLoader} provider interface for extensions of wasmrunner.
 *
 * <p>A plugin is a jar (or a folder of jars) under {@code plugins/} that names its implementation
 * in {@code META-INF/services/io.wasmrunner.spi.Plugin}. Each gets a class loader of its own that
 * shares only the JDK, wasmrunner-api, slf4j-api and JSpecify. What is built in goes the same way.
 */
public interface Plugin {
  /** Name for messages and lists; unique among plugins. */
  String name();

  /** Version for messages and lists. */
  String version();

  /** Health probes it brings. */
  default List<HealthProbeFactory> healthProbes() {
    return List.of();
  }

  /** Load-balancing strategies it brings. */
  default List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
    return List.of();
  }

  /** Launchers it brings. */
  default List<LauncherFactory> launchers() {
    return List.of();
  }
}
