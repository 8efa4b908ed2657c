package io.wasmrunner.dashboard;

import io.wasmrunner.spi.Factory;
import io.wasmrunner.spi.Plugin;
import java.util.List;

/**
 * A loaded plugin, as the management API lists it.
 *
 * @param name name of the plugin
 * @param version its version
 * @param source where it came from: {@code built-in}, or the jar below the plugins folder
 * @param healthProbes names of the health probes it brings
 * @param loadBalancingStrategies names of the strategies it brings
 * @param launchers names of the launchers it brings
 */
public record PluginInfo(
    String name,
    String version,
    String source,
    List<String> healthProbes,
    List<String> loadBalancingStrategies,
    List<String> launchers) {
  /** Copies the lists. */
  public PluginInfo {
    healthProbes = List.copyOf(healthProbes);
    loadBalancingStrategies = List.copyOf(loadBalancingStrategies);
    launchers = List.copyOf(launchers);
  }

  /** What a plugin says about itself. */
  public static PluginInfo of(Plugin plugin, String source) {
    return new PluginInfo(
        plugin.name(),
        plugin.version(),
        source,
        names(plugin.healthProbes()),
        names(plugin.loadBalancingStrategies()),
        names(plugin.launchers()));
  }

  private static List<String> names(List<? extends Factory> factories) {
    return factories.stream().map(Factory::name).sorted().toList();
  }
}
