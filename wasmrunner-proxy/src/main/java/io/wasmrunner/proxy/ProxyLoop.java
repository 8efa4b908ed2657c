package io.wasmrunner.proxy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** What the requests of one event loop share. Confined to its event loop. */
final class ProxyLoop {
  private static final CharSequence PROBLEM_JSON =
      HttpHeaders.createOptimized("application/problem+json");

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

  AccessLog accessLog() {
    return shared.accessLog();
  }

  RecentRefusals refusals() {
    return shared.refusals();
  }

  TrustedProxies.Matcher trustedProxies() {
    return shared.trustedProxies();
  }

  /** Whether connections are to be closed after the answer. */
  boolean draining() {
    return shared.draining();
  }

  /** Answers with a problem, without counting it. */
  void refuse(Visit visit, Refusal refusal) {
    HttpServerRequest request = visit.request();
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    Problem problem = refusal.problem();
    response.headers().clear();
    response.setStatusCode(problem.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (problem.status() == 503) {
      response.putHeader("Retry-After", problem == Problem.NO_HEALTHY_RUNNER ? "5" : "1");
    }
    visit.refused(refusal);
    boolean readable = request.decoderResult().isSuccess();
    if (!ClientStream.isHttp2(request)
        && (draining() || !readable || !RequestBody.isSkippable(request))) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.end(refusal.json(visit.caller().requestId()));
    if (readable) {
      RequestBody.skip(vertx, request);
    }
  }
}
