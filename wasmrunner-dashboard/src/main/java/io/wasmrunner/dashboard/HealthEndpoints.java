package io.wasmrunner.dashboard;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Liveness and readiness of the process, for those who watch it from outside. */
final class HealthEndpoints {
  private static final String HEALTH = "/health";
  private static final String READY = "/ready";

  private final LiveModel model;

  HealthEndpoints(LiveModel model) {
    this.model = model;
  }

  void mount(Endpoints endpoints) {
    endpoints.get(HEALTH, HealthEndpoints::health).get(READY, this::ready);
  }

  /** Whether a request is for one of them. */
  static boolean answers(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET)
        && (HEALTH.equals(request.path()) || READY.equals(request.path()));
  }

  private static void health(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end("ok");
  }

  private void ready(RoutingContext context) {
    Readiness readiness = Readiness.of(model);
    context.response().setStatusCode(readiness.ready() ? 200 : 503);
    JsonAnswer.send(context, readiness);
  }
}
