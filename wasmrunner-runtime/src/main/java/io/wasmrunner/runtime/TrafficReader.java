package io.wasmrunner.runtime;

import io.wasmrunner.model.Policies;
import io.wasmrunner.model.TrafficSettings;

/** Reads the keys that say how requests reach the service. */
final class TrafficReader {
  private TrafficReader() {}

  static TrafficSettings read(ServiceJson json) {
    return new TrafficSettings(
        PluginChoices.at(json, "/load_balancing", TrafficSettings.DEFAULT.loadBalancing().name()),
        DurationReader.timeouts(json),
        ResilienceReader.read(json),
        Policies.DEFAULT);
  }
}
