package io.wasmrunner.spi;

import java.util.Map;

/** Makes health probes of one kind. */
public interface HealthProbeFactory extends Factory {
  /**
   * Makes the probe of a service that needs nothing of the host.
   *
   * @param settings settings that passed {@link #settingsSchema()}
   * @throws IllegalArgumentException when they make no sense together; the message is shown to the
   *     user
   */
  HealthProbe create(Map<String, Object> settings);

  /**
   * Makes the probe of a service. Called once per service and load, on a thread that may block.
   * Default: {@link #create(Map)}.
   *
   * @param settings settings that passed {@link #settingsSchema()}
   * @param context what the host offers
   * @throws IllegalArgumentException when the settings make no sense together; the message is shown
   *     to the user
   */
  default HealthProbe create(Map<String, Object> settings, HealthProbeContext context) {
    return create(settings);
  }

  /**
   * Ends what a predecessor of this process left running when it was killed. Called once at each
   * start, before anything is probed, on a thread that may block; services may have changed or gone
   * since. Must touch nothing that belongs to another process that still runs. Default: nothing.
   */
  default void recover(HealthProbeContext context) {}
}
