package io.wasmrunner.proxy;

import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * The strategies that come with wasmrunner: {@code round_robin}, {@code least_requests} and {@code
 * power_of_two}. None has settings.
 */
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
    return List.of(
        new Named(ROUND_ROBIN, RoundRobin::new),
        new Named("least_requests", LeastRequests::new),
        new Named(
            "power_of_two",
            () -> new PowerOfTwo(bound -> ThreadLocalRandom.current().nextInt(bound))));
  }

  private record Named(String name, Supplier<LoadBalancingStrategy> maker)
      implements LoadBalancingStrategyFactory {
    @Override
    public LoadBalancingStrategy create(Map<String, Object> settings) {
      return maker.get();
    }
  }
}
