package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.OpenApiDocument;
import io.wasmrunner.bus.OpenApiQuery;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceStatus;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths that existed before the management API; their answers, in Spanish, stay as they are. */
final class KeptEndpoints {
  private static final String SERVICE = Paths.ROOT + "/services/:service";
  private static final int LINES = 200;

  private final Bus bus;
  private final LiveModel model;
  private final ScheduleControl schedules;
  private final Clock clock;
  private final Messages spanish;

  KeptEndpoints(
      Bus bus, LiveModel model, ScheduleControl schedules, Clock clock, Messages spanish) {
    this.bus = bus;
    this.model = model;
    this.schedules = schedules;
    this.clock = clock;
    this.spanish = spanish;
  }

  void mount(Endpoints endpoints) {
    endpoints
        .json(Paths.ROOT + "/stats", context -> stats())
        .get(SERVICE + "/logs", this::logs)
        .get(SERVICE + "/openapi", this::openapi)
        .postJson(SERVICE + "/schedules/:index/toggle", this::toggle)
        .postJson(SERVICE + "/schedules/:index/run", this::run);
  }

  /** Answer to toggle. */
  record Toggled(boolean paused) {}

  /** Answer to run. */
  record Ran(String statusText, String timeText) {}

  private Future<?> stats() {
    return bus.request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class)
        .map(snapshot -> StatsResource.of(snapshot.stats(), clock.instant()))
        .recover(failure -> Future.failedFuture(Problem.noStats(failure)));
  }

  private void logs(RoutingContext context) {
    ServiceStatus service = ManagementApi.known(model, context.pathParam("service"));
    LogsQuery query =
        new LogsQuery(service.name(), Optional.empty(), Optional.empty(), "", 0, LINES);
    Endpoints.whenDone(
        context,
        bus.request(BusAddress.LOGS_READ, query, LogsPage.class),
        page ->
            context
                .response()
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .end(
                    page.lines().isEmpty()
                        ? spanish.text("logs.none")
                        : page.lines().stream()
                            .map(KeptEndpoints::line)
                            .collect(Collectors.joining("\n", "", "\n"))));
  }

  private static String line(LogLine line) {
    return "%s [runner %d] [%s] %s"
        .formatted(line.at(), line.runner(), line.level(), VisibleText.of(line.text()));
  }

  private void openapi(RoutingContext context) {
    ServiceStatus service = ManagementApi.known(model, context.pathParam("service"));
    Endpoints.whenDone(
        context,
        contract(bus, service),
        document ->
            context
                .response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-cache")
                .end(document.json()));
  }

  /** The contract of a service as it was loaded. */
  static Future<OpenApiDocument> contract(Bus bus, ServiceStatus service) {
    if (service.definition().isPresent()
        && service.definition().get().files().openapi().isEmpty()) {
      return Future.failedFuture(Problem.noContract(service.name()));
    }
    return bus.request(
        BusAddress.OPENAPI_READ, new OpenApiQuery(service.name()), OpenApiDocument.class);
  }

  private Future<?> toggle(RoutingContext context) {
    return schedules
        .act(context, ScheduleCommand.Action.TOGGLE)
        .map(schedule -> new Toggled(schedule.paused()));
  }

  private Future<?> run(RoutingContext context) {
    return schedules.act(context, ScheduleCommand.Action.RUN).map(this::ran);
  }

  private Ran ran(ScheduleStatus schedule) {
    Figures figures = new Figures(spanish, clock);
    return schedule
        .lastRun()
        .map(
            run ->
                new Ran(
                    figures.runResult(run),
                    spanish.text("schedule.lastRun", figures.when(run.startedAt()).text())))
        .orElseGet(
            () -> new Ran(spanish.text("schedule.neverRun"), spanish.text("schedule.firstRunDue")));
  }
}
