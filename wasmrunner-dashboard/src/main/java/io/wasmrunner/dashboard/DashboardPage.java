package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The page at {@code /}: everything at a glance, problems first. */
final class DashboardPage {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final EventsQuery LATEST =
      new EventsQuery(SystemEvent.Severity.INFO, Optional.empty(), Happenings.NEWEST, 20);

  private final Bus bus;
  private final LiveModel model;
  private final Happenings happenings;
  private final Pages pages;
  private final Clock clock;

  DashboardPage(Bus bus, LiveModel model, Happenings happenings, Pages pages, Clock clock) {
    this.bus = bus;
    this.model = model;
    this.happenings = happenings;
    this.pages = pages;
    this.clock = clock;
  }

  void mount(Endpoints endpoints) {
    endpoints.get("/", this::show);
  }

  /** Figures beside the verdict. */
  record Tiles(
      String answers,
      String errors,
      boolean hasErrors,
      String pending,
      String dead,
      boolean hasDead) {}

  private void show(RoutingContext context) {
    Future<Happenings.Found> events = happenings.newest(LATEST);
    Endpoints.whenDone(
        context,
        bus.request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class, PATIENCE)
            // The page has to come also when the proxy is silent: the chart says it has no data.
            .otherwise(new StatsSnapshot(new RequestStats(List.of(), List.of())))
            .compose(
                stats ->
                    Contracts.of(bus, "", PATIENCE)
                        .compose(
                            contracts -> events.map(found -> new Seen(stats, contracts, found)))),
        seen -> show(context, seen));
  }

  /** What the others have told for this page. */
  private record Seen(
      StatsSnapshot snapshot, Map<String, ContractReport> contracts, Happenings.Found events) {}

  private void show(RoutingContext context, Seen seen) {
    RequestStats stats = seen.snapshot().stats();
    Pages.Visitor visitor = pages.visitor(context);
    Figures figures = visitor.figures();
    Instant now = clock.instant();
    Optional<List<ServiceStatus>> known = model.services().map(ServicesSnapshot::services);
    List<ServiceStatus> services = known.orElse(List.of());
    List<QueueStatus> queues = model.queues().orElse(List.of());
    Traffic traffic = Traffic.of(stats.global(), now);
    String filter = Parameters.text(context, "q").orElse("");

    Map<String, Object> values = new HashMap<>();
    Notice.in(context, model, visitor).ifPresent(words -> values.put("notice", words));
    values.put("overall", Overall.of(known, queues));
    values.put("tiles", tiles(traffic, queues, figures));
    values.put("problems", ProblemView.of(services, queues, figures));
    values.put("known", known.isPresent());
    values.put("hasServices", !services.isEmpty());
    values.put("filter", filter);
    values.put("domains", DomainView.group(grouped(services, filter, seen, now, figures)));
    values.put("queues", queues.stream().map(q -> QueueView.of(q, figures)).toList());
    values.put("traffic", TrafficChart.of(traffic, figures));
    values.put("eventsSinceStart", seen.events().source() == Happenings.Source.MEMORY);
    values.put(
        "events",
        seen.events().events().stream().map(entry -> EventView.of(entry, figures)).toList());
    pages.send(context, visitor, "dashboard", visitor.messages().text("page.title"), values);
  }

  private static Tiles tiles(Traffic traffic, List<QueueStatus> queues, Figures figures) {
    long errors = traffic.total(Traffic.CLASSES - 1);
    long dead = queues.stream().mapToLong(QueueStatus::dead).sum();
    return new Tiles(
        figures.count(traffic.count(Traffic.MINUTES - 2)),
        figures.count(errors),
        errors > 0,
        figures.count(queues.stream().mapToLong(q -> q.pending() + q.inFlight()).sum()),
        figures.count(dead),
        dead > 0);
  }

  private List<DomainView.Grouped> grouped(
      List<ServiceStatus> services, String filter, Seen seen, Instant now, Figures figures) {
    List<ScheduleStatus> schedules = model.schedules().orElse(List.of());
    return services.stream()
        .filter(service -> matches(service, filter.toLowerCase(Locale.ROOT)))
        .flatMap(
            service ->
                service.definition().stream()
                    .map(
                        definition ->
                            new DomainView.Grouped(
                                definition.domain(),
                                definition.type(),
                                ServiceView.of(
                                    service,
                                    definition,
                                    schedules,
                                    TrafficLine.of(
                                        seen.snapshot().stats(), service.name(), now, figures),
                                    TrafficNotes.of(seen.snapshot().traffic(), service.name()),
                                    seen.contracts().get(service.name()),
                                    figures))))
        .toList();
  }

  private static boolean matches(ServiceStatus service, String filter) {
    return Stream.concat(
            Stream.of(service.name()),
            service.definition().stream()
                .flatMap(
                    definition -> Stream.of(definition.prefix(), definition.domain().orElse(""))))
        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(filter));
  }
}
