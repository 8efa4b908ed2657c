package io.wasmrunner.spi;

import java.util.Map;

/** Makes load-balancing strategies of one kind. */
public interface LoadBalancingStrategyFactory extends Factory {
  /**
   * Makes the strategy of a service. Called once per service, on any thread.
   *
   * @param settings settings that passed {@link #settingsSchema()}
   * @throws IllegalArgumentException when they make no sense together; the message is shown to the
   *     user
   */
  LoadBalancingStrategy create(Map<String, Object> settings);
}
