package io.wasmrunner.runtime;

import io.wasmrunner.model.Lifecycle;

/** Reads the keys that say how runners are kept running. */
final class LifecycleReader {
  private LifecycleReader() {}

  static Lifecycle read(ServiceJson json) {
    return new Lifecycle(
        json.at("/runners").asInt(Lifecycle.DEFAULT.runners()), HealthReader.read(json));
  }
}
