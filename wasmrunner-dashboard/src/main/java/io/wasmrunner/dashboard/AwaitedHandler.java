package io.wasmrunner.dashboard;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** Keeps requests that come while their handler is being made. Thread-safe. */
final class AwaitedHandler implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final Future<? extends Handler<HttpServerRequest>> handler;

  AwaitedHandler(Vertx vertx, Future<? extends Handler<HttpServerRequest>> handler) {
    this.vertx = vertx;
    this.handler = handler;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (handler.succeeded()) {
      handler.result().handle(request);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    request.pause();
    handler.onComplete(
        made -> loop.runOnContext(now -> pass(request, made)),
        failure -> loop.runOnContext(now -> request.response().setStatusCode(503).end()));
  }

  private static void pass(HttpServerRequest request, Handler<HttpServerRequest> made) {
    if (!request.response().closed()) {
      request.resume();
      made.handle(request);
    }
  }
}
