package io.wasmrunner.model;

import java.util.Map;

/**
 * A plugin chosen by name in service.json, with its settings.
 *
 * @param name name of the factory
 * @param settings JSON values (String, Boolean, Number, List, Map), checked against the factory's
 *     schema
 */
public record PluginChoice(String name, Map<String, Object> settings) {
  /** Copies the settings. */
  public PluginChoice {
    settings = Map.copyOf(settings);
  }

  /** A choice without settings. */
  public static PluginChoice named(String name) {
    return new PluginChoice(name, Map.of());
  }
}
