package io.wasmrunner.dashboard;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.wasmrunner.eventbus.Bus;

/** Puts the parts together: guard, headers, endpoints, errors. */
final class Routes {
  private Routes() {}

  /** The router. Reads templates and assets: call it where blocking is allowed. */
  static Router of(
      Vertx vertx,
      DashboardOptions options,
      LiveModel model,
      EventHistory history,
      LiveEvents live) {
    Bus bus = Bus.of(vertx);
    Router router = Router.router(vertx);
    ScheduleControl schedules = new ScheduleControl(bus, model, options.clock());
    Endpoints endpoints = new Endpoints(router);

    new HealthEndpoints(model).mount(endpoints);
    RequestGuard guard = new RequestGuard(options.allowedHosts(), options.insecureBind());
    router.route("/").handler(guard);
    router.route(Paths.ROOT + "/*").handler(guard);
    new ManagementApi(bus, model, history, schedules, options).mount(endpoints);
    endpoints.get(Paths.ROOT + "/events", live.stream());
    endpoints.close();

    ProblemWriter problems = new ProblemWriter(ProblemWriter::json);
    router.route().handler(context -> context.fail(404));
    router.route().failureHandler(problems);
    return router;
  }
}
