package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.wasmrunner.bus.ServicesSnapshot;
import java.util.List;

/**
 * The management side of the entry point: pages, management API, live events, metrics, publishing.
 *
 * <p>Thread-safe. What it knows it learns from the event bus; it can start before or after those
 * who serve it, and answers 503 for what is not known yet.
 */
public final class Dashboard {
  private static final int HISTORY = 1_000;

  /** Until then the services of a start have the processors for themselves. */
  private static final long PAGES_AFTER_MILLIS = 3_000;

  private final Vertx vertx;
  private final String deployment;
  private final LiveModel model;
  private final LateRouter router;

  private Dashboard(Vertx vertx, LiveModel model, String deployment, LateRouter router) {
    this.vertx = vertx;
    this.model = model;
    this.deployment = deployment;
    this.router = router;
  }

  /**
   * Starts it; completes once it listens to the bus. Its pages are made when the first of them is
   * asked for, or a little later; {@code /health} and {@code /ready} do not wait for them.
   */
  public static Future<Dashboard> start(Vertx vertx, DashboardOptions options) {
    LiveModel model = new LiveModel();
    UsageHistory usage = new UsageHistory();
    EventHistory history = new EventHistory(HISTORY);
    LiveEvents live = new LiveEvents(model, history);
    LateRouter router =
        new LateRouter(
            vertx,
            Routes.early(vertx, model),
            HealthEndpoints::answers,
            () -> Routes.of(vertx, options, model, usage, history, live));
    // The JSON mapper takes long to begin: not later, on an event loop.
    vertx.executeBlocking(
        () -> JsonAnswer.write(ServiceResource.list(new ServicesSnapshot(0, List.of()))));
    vertx.setTimer(PAGES_AFTER_MILLIS, later -> router.router());
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
    return new WellFormedPath(router);
  }

  /** Has the pages made; completes when they are there, or with the reason why they never will. */
  Future<?> pages() {
    return router.router();
  }

  /** The table of routes, once it is there. */
  Router router() {
    return router.router().result();
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
