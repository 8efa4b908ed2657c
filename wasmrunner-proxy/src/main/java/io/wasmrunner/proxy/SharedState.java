package io.wasmrunner.proxy;

import io.vertx.core.Vertx;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.proxy.policy.Policing;
import io.wasmrunner.spi.PluginCatalog;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final AccessLog accessLog;
  private final Optional<TlsMaterial> tls;
  private final ConnectionLimit connectionLimit;
  private final TrustedProxies.Matcher trustedProxies;
  private final RecentRefusals refusals = new RecentRefusals();
  private final InnerToken innerToken = InnerToken.random();
  private final List<Runnable> closeActions = new CopyOnWriteArrayList<>();
  private final AtomicBoolean draining = new AtomicBoolean();

  /** Makes it. Opens the access log and reads the files for TLS, so it blocks. */
  SharedState(
      Vertx vertx, ProxyOptions options, Bus bus, PluginCatalog plugins, LongSupplier ticker)
      throws IOException, GeneralSecurityException {
    ProxyLimits limits = options.limits();
    this.options = options;
    this.ticker = ticker;
    this.report = new TrafficReport(options.clock(), ticker);
    this.traffic = new Traffic(options.clock(), limits.endpointNames());
    this.suspicions = new Suspicions(bus, ticker);
    this.securityEvents = new SecurityEvents(bus, options.clock(), ticker);
    TrafficEvents events = new TrafficEvents(bus, options.clock());
    this.policing =
        new Policing(
            vertx,
            options.clock(),
            ticker,
            EndpointName::of,
            events::contractUnusable,
            limits.heldBodyBytes());
    this.connectionLimit = new ConnectionLimit(options.edge().maxConnections(), securityEvents);
    this.trustedProxies = options.edge().trustedProxies().matcher();
    if (options.tls().isPresent()) {
      TlsMaterial material = TlsMaterial.read(options.tls().get());
      material.check(vertx, options.clock().instant());
      this.tls = Optional.of(material);
    } else {
      this.tls = Optional.empty();
    }
    this.accessLog = AccessLog.open(options.edge().accessLog());
    this.routes =
        new LiveRoutes(
            plugins,
            bus,
            options.clock(),
            traffic,
            policing,
            events,
            options.forwarder(),
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

  ConnectionLimit connectionLimit() {
    return connectionLimit;
  }

  /** What TLS begins with, if it is spoken. */
  Optional<TlsMaterial> tls() {
    return tls;
  }

  AccessLog accessLog() {
    return accessLog;
  }

  TrustedProxies.Matcher trustedProxies() {
    return trustedProxies;
  }

  RecentRefusals refusals() {
    return refusals;
  }

  InnerToken innerToken() {
    return innerToken;
  }

  /** Runs this when everything is over. */
  void onClose(Runnable action) {
    closeActions.add(action);
  }

  /** Ends what works beside the event loops. Blocks. */
  void close() {
    closeActions.forEach(Runnable::run);
    accessLog.close();
  }

  boolean draining() {
    return draining.get();
  }

  /** Whether this call began it. */
  boolean startDraining() {
    return draining.compareAndSet(false, true);
  }
}
