package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.PluginCatalog;

/** Lets probes and strategies check settings that their schema cannot. */
final class PluginSettings {
  static final String REFUSED = "WR-2033";

  private final PluginCatalog plugins;

  PluginSettings(PluginCatalog plugins) {
    this.plugins = plugins;
  }

  void check(ServiceJson json, ServiceDefinition definition) {
    attempt(
        json,
        "/health/probe",
        () ->
            plugins
                .healthProbe(definition.lifecycle().health().probe().name())
                .ifPresent(
                    factory ->
                        factory
                            .create(definition.lifecycle().health().probe().settings())
                            .close()));
    attempt(
        json,
        "/load_balancing",
        () ->
            plugins
                .loadBalancingStrategy(definition.traffic().loadBalancing().name())
                .ifPresent(
                    factory -> factory.create(definition.traffic().loadBalancing().settings())));
  }

  private static void attempt(ServiceJson json, String pointer, Runnable creation) {
    try {
      creation.run();
    } catch (RuntimeException e) {
      boolean refused = e instanceof IllegalArgumentException && e.getMessage() != null;
      json.error(
          REFUSED,
          pointer,
          "settings that the plugin accepts",
          "settings it refused: " + (refused ? e.getMessage() : e.toString()),
          "correct them as the plugin says");
    }
  }
}
