package io.wasmrunner.proxy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** What the requests of one event loop share. Confined to its event loop. */
final class ProxyLoop {
  private final Vertx vertx;
  private final Context context;
  private final SharedState shared;
  private final Deadlines deadlines;
  private final ClientConnections clients = new ClientConnections();

  ProxyLoop(Vertx vertx, Context context, SharedState shared) {
    this.vertx = vertx;
    this.context = context;
    this.shared = shared;
    this.deadlines = new Deadlines(vertx, shared.ticker());
  }

  Vertx vertx() {
    return vertx;
  }

  Context context() {
    return context;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  ClientConnections clients() {
    return clients;
  }

  ProxyOptions options() {
    return shared.options();
  }

  LiveRoutes routes() {
    return shared.routes();
  }

  Traffic traffic() {
    return shared.traffic();
  }

  Suspicions suspicions() {
    return shared.suspicions();
  }

  SecurityEvents securityEvents() {
    return shared.securityEvents();
  }

  /** Whether connections are to be closed after the answer. */
  boolean draining() {
    return shared.draining();
  }

  AccessLog accessLog() {
    return shared.accessLog();
  }

  RecentRefusals refusals() {
    return shared.refusals();
  }

  TrustedProxies.Matcher trustedProxies() {
    return shared.trustedProxies();
  }
}
