package io.wasmrunner.runtime;

import io.wasmrunner.model.TrafficSettings;
import java.util.Optional;

/** Reads the keys that say how requests reach the service. */
final class TrafficReader {
  private TrafficReader() {}

  static TrafficSettings read(
      ServiceJson json, ServicePaths paths, RuntimeOptions options, Optional<OpenApiFile> openapi) {
    return new TrafficSettings(
        PluginChoices.at(json, "/load_balancing", TrafficSettings.DEFAULT.loadBalancing().name()),
        DurationReader.timeouts(json),
        ResilienceReader.read(json),
        PoliciesReader.read(json, paths, options, openapi));
  }
}
