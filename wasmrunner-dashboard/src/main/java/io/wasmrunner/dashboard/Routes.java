package io.wasmrunner.dashboard;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.eventbus.Bus;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Puts the parts together: headers, guard, endpoints, errors. */
final class Routes {
  private static final int COMMAND = 4 << 10;
  private static final long COMMANDS = 256 << 10;
  private static final int BODY = 1 << 20;
  private static final long BODIES = 32L << 20;
  private static final Duration BODY_PATIENCE = Duration.ofSeconds(30);

  private Routes() {}

  /** What is answered before the rest is there. */
  static Router early(Vertx vertx, LiveModel model) {
    Router router = Router.router(vertx);
    router.route().handler(new SecurityHeaders());
    new HealthEndpoints(model).mount(new Endpoints(router));
    return router;
  }

  /** The router. Reads templates and assets: call it where blocking is allowed. */
  static Router of(
      Vertx vertx,
      DashboardOptions options,
      LiveModel model,
      UsageHistory usage,
      EventHistory history,
      LiveEvents live) {
    Bus bus = Bus.of(vertx);
    Clock clock = options.clock();
    Languages languages = new Languages();
    Assets assets = new Assets();
    Pages pages = new Pages(new Templates(vertx), languages, assets, options.version(), clock);
    ScheduleControl schedules = new ScheduleControl(bus, model, clock);

    Router router = Router.router(vertx);
    router.route().handler(new SecurityHeaders());
    RequestGuard guard = new RequestGuard(options.allowedHosts(), options.insecureBind());
    router.route("/").handler(guard);
    router.route(Paths.ROOT + "/*").handler(guard);

    Endpoints endpoints = new Endpoints(router);
    new HealthEndpoints(model).mount(endpoints);
    assets.mount(endpoints);
    Happenings happenings = new Happenings(bus, history);
    new DashboardPage(bus, model, happenings, pages, clock).mount(endpoints);
    LogsScreen logs = new LogsScreen(bus, model, pages, clock);
    logs.mount(endpoints);
    new ServicePage(bus, model, usage, pages, logs, clock).mount(endpoints);
    ServiceControl services = new ServiceControl(bus, model, clock);
    new ServiceForms(services).mount(endpoints);
    BodyReader commands = new BodyReader(vertx, COMMAND, COMMANDS, BODY_PATIENCE);
    new OperateEndpoints(bus, services, commands, clock).mount(endpoints);
    new OpenApiScreen(bus, model, pages).mount(endpoints);
    new DeliveriesScreen(bus, model, pages).mount(endpoints);
    new ScheduleForms(schedules).mount(endpoints);
    new ManagementApi(bus, model, usage, happenings, schedules, options).mount(endpoints);
    new KeptEndpoints(bus, model, schedules, clock, languages.spanish()).mount(endpoints);
    new PublishEndpoint(bus, new BodyReader(vertx, BODY, BODIES, BODY_PATIENCE)).mount(endpoints);
    new MetricsEndpoint(bus, model, history, live, options.version()).mount(endpoints);
    endpoints.get(Paths.ROOT + "/events", live.stream());
    endpoints.close();

    router.route().handler(context -> context.fail(404));
    router
        .route()
        .failureHandler(
            new ProblemWriter((context, problem) -> errorPage(pages, context, problem)));
    return router;
  }

  private static void errorPage(Pages pages, RoutingContext context, Problem problem) {
    Pages.Visitor visitor = pages.visitor(context);
    pages.send(
        context,
        visitor,
        "error",
        visitor.messages().text("error.title"),
        Map.of(
            "code", problem.code(),
            "detail", String.valueOf(problem.getMessage()),
            "fix", problem.advice()));
  }
}
