package io.wasmrunner.proxy;

import io.vertx.core.Vertx;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.proxy.policy.Policing;
import io.wasmrunner.spi.PluginCatalog;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** What all event loops of a proxy share. Thread-safe. */
final class SharedState {
  private final ProxyOptions options;
  private final LongSupplier ticker;
  private final Traffic traffic;
  private final Suspicions suspicions;
  private final SecurityEvents securityEvents;
  private final Policing policing;
  private final LiveRoutes routes;
  private final TrafficReport report;
  private final InnerToken innerToken = InnerToken.random();
  private final AtomicBoolean draining = new AtomicBoolean();

  SharedState(
      Vertx vertx, ProxyOptions options, Bus bus, PluginCatalog plugins, LongSupplier ticker) {
    ProxyLimits limits = options.limits();
    this.options = options;
    this.ticker = ticker;
    this.report = new TrafficReport(options.clock(), ticker);
    this.traffic = new Traffic(options.clock(), limits.endpointNames());
    this.suspicions = new Suspicions(bus, ticker);
    this.securityEvents = new SecurityEvents(bus, options.clock(), ticker);
    this.policing = new Policing(vertx, options.clock(), ticker, EndpointName::of);
    this.routes =
        new LiveRoutes(
            plugins,
            bus,
            options.clock(),
            traffic,
            policing,
            limits.connectionsPerRunner() + limits.waitingPerRunner(),
            ticker);
  }

  ProxyOptions options() {
    return options;
  }

  LongSupplier ticker() {
    return ticker;
  }

  Traffic traffic() {
    return traffic;
  }

  Suspicions suspicions() {
    return suspicions;
  }

  SecurityEvents securityEvents() {
    return securityEvents;
  }

  TrafficReport report() {
    return report;
  }

  Policing policing() {
    return policing;
  }

  LiveRoutes routes() {
    return routes;
  }

  InnerToken innerToken() {
    return innerToken;
  }

  boolean draining() {
    return draining.get();
  }

  /** Whether this call began it. */
  boolean startDraining() {
    return draining.compareAndSet(false, true);
  }
}
