package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.wasmrunner.proxy.policy.Policing;
import org.jspecify.annotations.Nullable;

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

  Policing policing() {
    return shared.policing();
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
    refuse(visit, refusal, null);
  }

  /** The same with more header fields. */
  void refuse(Visit visit, Refusal refusal, @Nullable MultiMap more) {
    HttpServerRequest request = visit.request();
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    Problem problem = refusal.problem();
    response.headers().clear();
    response.setStatusCode(problem.status());
    response.setStatusMessage(HttpResponseStatus.valueOf(problem.status()).reasonPhrase());
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (problem.status() == 503) {
      Object seconds = problem == Problem.NO_HEALTHY_RUNNER ? "5" : "1";
      response.putHeader(
          "Retry-After", String.valueOf(refusal.more().getOrDefault(Refusal.RETRY_AFTER, seconds)));
    }
    if (more != null) {
      response.headers().addAll(more);
    }
    refusal.headers().forEach(response::putHeader);
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
