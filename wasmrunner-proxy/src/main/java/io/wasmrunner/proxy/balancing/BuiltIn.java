package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import java.util.Map;
import java.util.function.Function;

/**
 * A strategy that comes with wasmrunner.
 *
 * @param name its name in service.json
 * @param properties the properties of its settings, as JSON Schema
 * @param maker makes it from its settings
 */
record BuiltIn(
    String name, String properties, Function<Map<String, Object>, LoadBalancingStrategy> maker)
    implements LoadBalancingStrategyFactory {

  @Override
  public String settingsSchema() {
    return "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {%s}}"
        .formatted(properties);
  }

  @Override
  public LoadBalancingStrategy create(Map<String, Object> settings) {
    return maker.apply(settings);
  }
}
