package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

/**
 * The management side of the entry point: pages, management API, live events, metrics, publishing.
 *
 * <p>Thread-safe. What it knows it learns from the event bus; it can start before or after those
 * who serve it, and answers 503 for what is not known yet.
 */
public final class Dashboard {
  private static final int HISTORY = 1_000;

  private final Vertx vertx;
  private final String deployment;
  private final LiveModel model;
  private final Future<Router> router;

  private Dashboard(Vertx vertx, LiveModel model, String deployment, Future<Router> router) {
    this.vertx = vertx;
    this.model = model;
    this.deployment = deployment;
    this.router = router;
  }

  /**
   * Starts it; completes once it listens to the bus. Its pages are made meanwhile: requests wait
   * for {@link #pages()}.
   */
  public static Future<Dashboard> start(Vertx vertx, DashboardOptions options) {
    LiveModel model = new LiveModel();
    UsageHistory usage = new UsageHistory();
    EventHistory history = new EventHistory(HISTORY);
    LiveEvents live = new LiveEvents(model, history);
    Future<Router> router =
        vertx.executeBlocking(() -> Routes.of(vertx, options, model, usage, history, live));
    return vertx
        .deployVerticle(new DashboardVerticle(model, usage, history, live, options.clock()))
        .map(deployment -> new Dashboard(vertx, model, deployment, router));
  }

  /**
   * Handles requests for the reserved paths of the entry point: {@code /}, {@code /health}, {@code
   * /ready}, {@code /favicon.ico}, {@code /__runner__} and all below it. May be called on any event
   * loop, before the body has been read.
   */
  public Handler<HttpServerRequest> handler() {
    return new WellFormedPath(new AwaitedHandler(vertx, router));
  }

  /** Completes when requests are answered, or with the reason why they never will be. */
  public Future<?> pages() {
    return router;
  }

  /** The table of routes, once it is there. */
  Router router() {
    return router.result();
  }

  /** From now on {@code /ready} says no, while everything else goes on. */
  public void stopping() {
    model.stopping();
  }

  /** Ends the live streams and stops listening to the bus. */
  public Future<Void> close() {
    return vertx.undeploy(deployment);
  }
}
