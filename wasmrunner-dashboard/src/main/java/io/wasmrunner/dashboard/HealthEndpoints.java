package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;

/** Liveness and readiness of the process, for those who watch it from outside. */
final class HealthEndpoints {
  private final LiveModel model;

  HealthEndpoints(LiveModel model) {
    this.model = model;
  }

  void mount(Endpoints endpoints) {
    endpoints.get("/health", HealthEndpoints::health).get("/ready", this::ready);
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
