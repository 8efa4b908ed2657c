package io.wasmrunner.spi;

import java.util.Map;

/** Makes health probes of one kind. */
public interface HealthProbeFactory extends Factory {
  /**
   * Makes the probe of a service. Called once per service, on any thread.
   *
   * @param settings settings that passed {@link #settingsSchema()}
   * @throws IllegalArgumentException when they make no sense together; the message is shown to the
   *     user
   */
  HealthProbe create(Map<String, Object> settings);
}
