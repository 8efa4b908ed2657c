package io.wasmrunner.proxy;

import io.wasmrunner.proxy.balancing.BuiltInStrategies;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import java.util.List;

/** The strategies that come with wasmrunner. */
public final class ProxyPlugin implements Plugin {
  /** Name of the strategy that services get unless they choose another. */
  public static final String ROUND_ROBIN = "round_robin";

  /** For the service loader. */
  public ProxyPlugin() {}

  @Override
  public String name() {
    return "wasmrunner-proxy";
  }

  @Override
  public String version() {
    String version = ProxyPlugin.class.getPackage().getImplementationVersion();
    return version == null ? "built-in" : version;
  }

  @Override
  public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
    return BuiltInStrategies.factories();
  }
}
