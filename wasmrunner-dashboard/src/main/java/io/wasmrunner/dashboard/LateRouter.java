package io.wasmrunner.dashboard;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the router when it is first needed: that takes some tenths of a second, in which a start
 * has better things to do. Until it is there another one answers what it can, and other requests
 * wait. Thread-safe.
 */
final class LateRouter implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(LateRouter.class);

  private final Vertx vertx;
  private final Router early;
  private final Predicate<HttpServerRequest> answersEarly;
  private final Callable<Router> maker;
  private final AtomicReference<@Nullable Future<Router>> router = new AtomicReference<>();

  /**
   * One that has not been made.
   *
   * @param early answers until then
   * @param answersEarly what it answers; these requests need no other router
   * @param maker makes the router; may block
   */
  LateRouter(
      Vertx vertx,
      Router early,
      Predicate<HttpServerRequest> answersEarly,
      Callable<Router> maker) {
    this.vertx = vertx;
    this.early = early;
    this.answersEarly = answersEarly;
    this.maker = maker;
  }

  /** The router; the first call has it made. */
  Future<Router> router() {
    Future<Router> known = router.get();
    if (known != null) {
      return known;
    }
    Promise<Router> promise = Promise.promise();
    Future<Router> made = promise.future();
    if (!router.compareAndSet(null, made)) {
      return router();
    }
    vertx
        .executeBlocking(maker)
        .onFailure(cause -> LOG.error("the pages of the dashboard cannot be made", cause))
        .onComplete(promise);
    return made;
  }

  @Override
  public void handle(HttpServerRequest request) {
    Future<Router> known = router.get();
    if (known != null && known.succeeded()) {
      known.result().handle(request);
    } else if (answersEarly.test(request)) {
      early.handle(request);
    } else {
      await(request);
    }
  }

  private void await(HttpServerRequest request) {
    Context loop = vertx.getOrCreateContext();
    request.pause();
    router()
        .onComplete(
            made -> loop.runOnContext(now -> pass(request, made)),
            failure -> loop.runOnContext(now -> request.response().setStatusCode(503).end()));
  }

  private static void pass(HttpServerRequest request, Router made) {
    if (!request.response().closed()) {
      request.resume();
      made.handle(request);
    }
  }
}
