package io.wasmrunner.launcher;

import io.wasmrunner.spi.Plugin;
import io.wasmrunner.spi.PluginCatalog;
import java.util.List;

/**
 * The plugins of this process and where each came from.
 *
 * @param catalog their factories by name
 * @param origins one per plugin, in the order they were loaded
 */
record LoadedPlugins(PluginCatalog catalog, List<Origin> origins) {
  /** Origin of what is part of the jar. */
  static final String BUILT_IN = "built-in";

  LoadedPlugins(List<Origin> origins) {
    this(PluginCatalog.of(origins.stream().map(Origin::plugin).toList()), List.copyOf(origins));
  }

  /**
   * A plugin and its place.
   *
   * @param plugin the plugin
   * @param place {@link #BUILT_IN}, or the jar or folder below the plugins folder
   */
  record Origin(Plugin plugin, String place) {}
}
