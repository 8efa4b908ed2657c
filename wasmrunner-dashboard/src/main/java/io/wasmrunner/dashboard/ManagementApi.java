package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ContractFindings;
import io.wasmrunner.bus.ContractQuery;
import io.wasmrunner.bus.DeliveriesPage;
import io.wasmrunner.bus.DeliveriesQuery;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.bus.ExplainQuery;
import io.wasmrunner.bus.ExplainReply;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.RefusalsPage;
import io.wasmrunner.bus.RefusalsQuery;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import java.time.Instant;
import java.util.List;

/** The management API, version 1. {@code openapi.json} beside it says the same. */
final class ManagementApi {
  private static final int TAIL = 200;
  private static final int MOST = 1_000;
  private static final int LONGEST_USAGE = Math.toIntExact(UsageHistory.KEPT.toSeconds());
  private static final long LAST_SEQUENCE = 999_999_999_999_999_999L;

  private final Bus bus;
  private final LiveModel model;
  private final UsageHistory usage;
  private final Happenings happenings;
  private final ScheduleControl schedules;
  private final DashboardOptions options;
  private final LogFollow follow;
  private final LogDownload download;
  private final JsonObject description;

  ManagementApi(
      Bus bus,
      LiveModel model,
      UsageHistory usage,
      Happenings happenings,
      ScheduleControl schedules,
      DashboardOptions options) {
    this.bus = bus;
    this.model = model;
    this.usage = usage;
    this.happenings = happenings;
    this.schedules = schedules;
    this.options = options;
    this.follow = new LogFollow(bus, LogFollow.CLIENTS);
    this.download = new LogDownload(bus, model);
    this.description = new JsonObject(Resources.text("openapi.json"));
    description.getJsonObject("info").put("version", options.version());
  }

  void mount(Endpoints endpoints) {
    endpoints
        .get(Paths.API + "/openapi.json", this::describe)
        .json(Paths.API + "/services", context -> services())
        .json(Paths.API + "/services/:name", this::service)
        .json(Paths.API + "/services/:name/contract", this::contract)
        .json(Paths.API + "/services/:name/history", this::usage)
        .get(Paths.API + "/services/:name/logs", this::logs)
        .get(Paths.API + "/services/:name/logs/download", download::send)
        .json(Paths.API + "/schedules", context -> schedules())
        .postJson(Paths.API + "/schedules/:service/:index/:action", this::control)
        .json(Paths.API + "/queues", context -> queues())
        .json(Paths.API + "/queues/*", this::queue)
        .json(Paths.API + "/traffic", context -> traffic())
        .json(Paths.API + "/events/history", this::events)
        .json(Paths.API + "/explain", this::explain)
        .json(Paths.API + "/refusals", this::refusals)
        .json(
            Paths.API + "/plugins",
            context -> Future.succeededFuture(new Plugins(options.plugins())))
        .get(Paths.API + "/config", this::config);
  }

  /** Loaded plugins. */
  record Plugins(List<PluginInfo> plugins) {}

  private void describe(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-cache")
        .end(description.toBuffer());
  }

  private void config(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(options.configView().get().toBuffer());
  }

  private Future<?> services() {
    return Future.succeededFuture(
        ServiceResource.list(model.services().orElseThrow(() -> Problem.notLoaded("services"))));
  }

  private Future<?> service(RoutingContext context) {
    return Future.succeededFuture(ServiceResource.of(known(model, context.pathParam("name"))));
  }

  private Future<?> contract(RoutingContext context) {
    String service = known(model, context.pathParam("name")).name();
    return bus.request(BusAddress.CONTRACT_READ, new ContractQuery(service), ContractFindings.class)
        .map(found -> found.reports().getOrDefault(service, ContractReport.EMPTY));
  }

  private Future<?> usage(RoutingContext context) {
    String service = known(model, context.pathParam("name")).name();
    int seconds = Parameters.number(context, "seconds", 1, LONGEST_USAGE).orElse(LONGEST_USAGE);
    Instant from = options.clock().instant().minusSeconds(seconds);
    return Future.succeededFuture(UsageResource.of(service, usage.of(service, from)));
  }

  /** The service with this name, or the fitting problem. */
  static ServiceStatus known(LiveModel model, String name) {
    if (model.services().isEmpty()) {
      throw Problem.notLoaded("services");
    }
    return model.service(name).orElseThrow(() -> Problem.noSuchService(name));
  }

  private void logs(RoutingContext context) {
    LogsQuery query = logsQuery(model, context);
    if (Parameters.flag(context, "follow")) {
      follow.start(context, query);
      return;
    }
    Endpoints.whenDone(
        context,
        bus.request(BusAddress.LOGS_READ, query, LogsPage.class)
            // Some megabytes of lines take too long to be written on an event loop.
            .compose(page -> context.vertx().executeBlocking(() -> JsonAnswer.write(page), false)),
        json -> JsonAnswer.sendWritten(context, "application/json", json));
  }

  /** Log lines of the service in the path, by the filters in the query. */
  static Future<LogsPage> logs(Bus bus, LiveModel model, RoutingContext context) {
    return bus.request(BusAddress.LOGS_READ, logsQuery(model, context), LogsPage.class);
  }

  private static LogsQuery logsQuery(LiveModel model, RoutingContext context) {
    String service = known(model, context.pathParam("name")).name();
    return new LogsQuery(
        service,
        Parameters.number(context, "runner", 0, 65_535),
        Parameters.constant(context, "level", LogLine.Level.class),
        Parameters.text(context, "q").orElse(""),
        Parameters.number(context, "after", 0L, LAST_SEQUENCE).orElse(0L),
        Parameters.number(context, "tail", 1, MOST).orElse(TAIL));
  }

  private Future<?> traffic() {
    return bus.request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class)
        .map(stats -> new TrafficResource(stats.traffic()));
  }

  private Future<?> schedules() {
    return Future.succeededFuture(
        ScheduleResource.list(model.schedules().orElseThrow(() -> Problem.notLoaded("schedules"))));
  }

  private Future<?> control(RoutingContext context) {
    ScheduleCommand.Action action =
        switch (context.pathParam("action")) {
          case "pause" -> ScheduleCommand.Action.PAUSE;
          case "resume" -> ScheduleCommand.Action.RESUME;
          case "run" -> ScheduleCommand.Action.RUN;
          default -> throw Problem.noSuchPath(context.normalizedPath());
        };
    return schedules.act(context, action).map(ScheduleResource::of);
  }

  private Future<?> queues() {
    return Future.succeededFuture(
        new QueueList(model.queues().orElseThrow(() -> Problem.notLoaded("queues"))));
  }

  private Future<?> queue(RoutingContext context) {
    QueuePath path = QueuePath.of(context, Paths.API + "/queues/");
    return path.deliveries()
        ? deliveries(bus, model, context, path.name())
        : Future.succeededFuture(knownQueue(model, path.name()));
  }

  /** The queue with this name, or the fitting problem. */
  static QueueStatus knownQueue(LiveModel model, String name) {
    if (model.queues().isEmpty()) {
      throw Problem.notLoaded("queues");
    }
    return model.queue(name).orElseThrow(() -> Problem.noSuchQueue(name));
  }

  /** Deliveries of a queue, by the filters in the query. */
  static Future<DeliveriesPage> deliveries(
      Bus bus, LiveModel model, RoutingContext context, String queue) {
    DeliveriesQuery query =
        new DeliveriesQuery(
            knownQueue(model, queue).name(),
            Parameters.constant(context, "state", DeliveryStatus.State.class),
            Parameters.number(context, "limit", 1, MOST).orElse(100));
    return bus.request(BusAddress.DELIVERIES_LIST, query, DeliveriesPage.class);
  }

  private Future<?> explain(RoutingContext context) {
    ExplainQuery query =
        new ExplainQuery(
            Parameters.text(context, "method").orElse("GET"),
            Parameters.text(context, "path").orElse("/"));
    return bus.request(BusAddress.ROUTES_EXPLAIN, query, ExplainReply.class);
  }

  private Future<?> refusals(RoutingContext context) {
    RefusalsQuery query =
        new RefusalsQuery(Parameters.number(context, "limit", 1, MOST).orElse(100));
    return bus.request(BusAddress.REFUSALS_READ, query, RefusalsPage.class);
  }

  private Future<?> events(RoutingContext context) {
    EventsQuery query =
        new EventsQuery(
            Parameters.constant(context, "severity", SystemEvent.Severity.class)
                .orElse(SystemEvent.Severity.INFO),
            Parameters.text(context, "service"),
            Parameters.number(context, "before", 1L, Happenings.NEWEST).orElse(Happenings.NEWEST),
            Parameters.number(context, "limit", 1, MOST).orElse(100));
    return happenings.newest(query).map(EventResource::page);
  }
}
