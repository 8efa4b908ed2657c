package io.wasmrunner.spi;

import io.wasmrunner.model.WasmrunnerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The factories of all loaded plugins by name. Immutable; thread-safe. */
public final class PluginCatalog {
  private final List<Plugin> plugins;
  private final SortedMap<String, HealthProbeFactory> healthProbes;
  private final SortedMap<String, LoadBalancingStrategyFactory> loadBalancingStrategies;
  private final SortedMap<String, LauncherFactory> launchers;

  private PluginCatalog(List<Plugin> plugins) {
    this.plugins = List.copyOf(plugins);
    this.healthProbes = byName("health probe", Plugin::healthProbes);
    this.loadBalancingStrategies =
        byName("load-balancing strategy", Plugin::loadBalancingStrategies);
    this.launchers = byName("launcher", Plugin::launchers);
  }

  /**
   * Makes a catalogue.
   *
   * @throws WasmrunnerException WR-7001 when two plugins bring the same name
   */
  public static PluginCatalog of(List<Plugin> plugins) {
    return new PluginCatalog(plugins);
  }

  /** The plugins, in the order they were loaded. */
  public List<Plugin> plugins() {
    return plugins;
  }

  /** Health probe factories by name. */
  public SortedMap<String, HealthProbeFactory> healthProbes() {
    return new TreeMap<>(healthProbes);
  }

  /** Load-balancing strategy factories by name. */
  public SortedMap<String, LoadBalancingStrategyFactory> loadBalancingStrategies() {
    return new TreeMap<>(loadBalancingStrategies);
  }

  /** Launcher factories by name. */
  public SortedMap<String, LauncherFactory> launchers() {
    return new TreeMap<>(launchers);
  }

  /** The health probe factory with this name. */
  public Optional<HealthProbeFactory> healthProbe(String name) {
    return Optional.ofNullable(healthProbes.get(name));
  }

  /** The load-balancing strategy factory with this name. */
  public Optional<LoadBalancingStrategyFactory> loadBalancingStrategy(String name) {
    return Optional.ofNullable(loadBalancingStrategies.get(name));
  }

  /** The launcher factory with this name. */
  public Optional<LauncherFactory> launcher(String name) {
    return Optional.ofNullable(launchers.get(name));
  }

  private <F extends Factory> SortedMap<String, F> byName(
      String point, Function<Plugin, List<F>> factories) {
    SortedMap<String, F> named = new TreeMap<>();
    Map<String, String> owners = new TreeMap<>();
    for (Plugin plugin : plugins) {
      for (F factory : factories.apply(plugin)) {
        String owner = owners.put(factory.name(), plugin.name());
        if (owner != null) {
          throw new WasmrunnerException(
              "WR-7001",
              "the %s \"%s\" comes from two plugins: %s and %s"
                  .formatted(point, factory.name(), owner, plugin.name()),
              "Remove the one in the plugins folder, or give its factory another name.");
        }
        named.put(factory.name(), factory);
      }
    }
    return named;
  }
}
