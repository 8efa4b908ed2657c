package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.ServiceStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The page of one service: everything about it, its buttons, its charts, its last lines. */
final class ServicePage {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int LINES = 20;
  private static final Set<String> ACTIONS =
      Set.of("start", "stop", "restart", "reload", "scale", "enable", "disable");

  private final Bus bus;
  private final LiveModel model;
  private final UsageHistory usage;
  private final Pages pages;
  private final LogsScreen logs;
  private final Clock clock;

  ServicePage(
      Bus bus, LiveModel model, UsageHistory usage, Pages pages, LogsScreen logs, Clock clock) {
    this.bus = bus;
    this.model = model;
    this.usage = usage;
    this.pages = pages;
    this.logs = logs;
    this.clock = clock;
  }

  void mount(Endpoints endpoints) {
    endpoints.get(Paths.UI + "/services/:name", this::show);
  }

  /** Where the page of a service is. */
  static String path(String service) {
    return Paths.UI + "/services/" + Paths.encode(service);
  }

  private void show(RoutingContext context) {
    ServiceStatus service = ManagementApi.known(model, context.pathParam("name"));
    Future<StatsSnapshot> stats =
        bus.request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class, PATIENCE)
            // The page has to come also when others are silent.
            .otherwise(new StatsSnapshot(new RequestStats(List.of(), List.of())));
    LogsQuery query =
        new LogsQuery(service.name(), Optional.empty(), Optional.empty(), "", 0, LINES);
    Future<LogsPage> lines =
        bus.request(BusAddress.LOGS_READ, query, LogsPage.class, PATIENCE)
            .otherwise(new LogsPage(List.of(), 0));
    Future<Map<String, ContractReport>> contracts = Contracts.of(bus, service.name(), PATIENCE);
    Endpoints.whenDone(
        context,
        Future.join(stats, lines, contracts),
        done ->
            show(
                context,
                service,
                stats.result(),
                lines.result(),
                contracts.result().get(service.name())));
  }

  private void show(
      RoutingContext context,
      ServiceStatus service,
      StatsSnapshot stats,
      LogsPage lines,
      @Nullable ContractReport contract) {
    Pages.Visitor visitor = pages.visitor(context);
    Figures figures = visitor.figures();
    Instant now = clock.instant();
    Map<String, Object> values = new HashMap<>();
    Parameters.text(context, "done")
        .filter(ACTIONS::contains)
        .ifPresent(
            done ->
                values.put(
                    "notice", visitor.messages().text("notice.service." + done, service.name())));
    values.put("serviceName", service.name());
    values.put("single", true);
    service
        .definition()
        .ifPresent(
            definition ->
                values.put(
                    "one",
                    List.of(
                        ServiceView.of(
                            service,
                            definition,
                            model.schedules().orElse(List.of()),
                            TrafficLine.of(stats.stats(), service.name(), now, figures),
                            TrafficNotes.of(stats.traffic(), service.name()),
                            contract,
                            figures))));
    if (service.definition().isEmpty()) {
      values.put("operate", OperateView.of(service));
    }
    values.put("problems", ProblemView.of(List.of(service), List.of(), figures));
    values.put(
        "charts",
        UsageChart.of(usage.of(service.name(), now.minus(UsageHistory.KEPT)), now, figures));
    values.put("lines", lines.lines().stream().map(line -> logs.line(line, figures)).toList());
    values.put("logs", path(service.name()) + "/logs");
    pages.send(context, visitor, "one", VisibleText.of(service.name()), values);
  }
}
