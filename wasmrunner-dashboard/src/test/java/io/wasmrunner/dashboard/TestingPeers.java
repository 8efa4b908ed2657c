package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.ContractFindings;
import io.wasmrunner.bus.ContractQuery;
import io.wasmrunner.bus.DeliveriesPage;
import io.wasmrunner.bus.DeliveriesQuery;
import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.bus.ExplainQuery;
import io.wasmrunner.bus.ExplainReply;
import io.wasmrunner.bus.LogFiles;
import io.wasmrunner.bus.LogFilesQuery;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.OpenApiDocument;
import io.wasmrunner.bus.OpenApiQuery;
import io.wasmrunner.bus.PlanQuery;
import io.wasmrunner.bus.PlanSnapshot;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.bus.QueuesQuery;
import io.wasmrunner.bus.QueuesSnapshot;
import io.wasmrunner.bus.RefusalsPage;
import io.wasmrunner.bus.RefusalsQuery;
import io.wasmrunner.bus.ReloadCommand;
import io.wasmrunner.bus.RequestFailed;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.ScheduleReply;
import io.wasmrunner.bus.SchedulesQuery;
import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceReply;
import io.wasmrunner.bus.ServicesQuery;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.Decision;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.RefusedRequest;
import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceChange;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.TrafficStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Stands for runtime, proxy and scheduler on the bus: serves what the test puts into it. */
final class TestingPeers {
  final List<ServiceStatus> services = new CopyOnWriteArrayList<>();
  final List<ScheduleStatus> schedules = new CopyOnWriteArrayList<>();
  final List<QueueStatus> queues = new CopyOnWriteArrayList<>();
  final List<DeliveryStatus> deliveries = new CopyOnWriteArrayList<>();
  final List<LogLine> lines = new CopyOnWriteArrayList<>();
  final List<String> logFiles = new CopyOnWriteArrayList<>();
  final List<ServiceCommand> operated = new CopyOnWriteArrayList<>();
  final List<PublishCommand> published = new CopyOnWriteArrayList<>();
  final List<LogsQuery> logQueries = new CopyOnWriteArrayList<>();
  final List<DeliveriesQuery> deliveryQueries = new CopyOnWriteArrayList<>();
  final List<EventsPage.Kept> kept = new CopyOnWriteArrayList<>();
  final List<EventsQuery> eventQueries = new CopyOnWriteArrayList<>();
  final AtomicLong revision = new AtomicLong(1);
  volatile boolean schedulesInForce = true;
  volatile RequestStats stats = new RequestStats(List.of(), List.of());
  volatile Map<String, Long> refused = Map.of();
  volatile List<TrafficStatus> traffic = List.of();
  volatile Map<String, ContractReport> contracts = Map.of();
  volatile Optional<RequestFailedException> publishFailure = Optional.empty();
  volatile String openapi = "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"t\",\"version\":\"1\"}}";

  private final Bus bus;

  TestingPeers(Vertx vertx) {
    this.bus = Bus.of(vertx);
  }

  Bus bus() {
    return bus;
  }

  void serveServices() {
    bus.serve(
        BusAddress.SERVICES_LIST, ServicesQuery.class, q -> Future.succeededFuture(snapshot()));
    bus.serve(BusAddress.LOGS_READ, LogsQuery.class, this::logs);
    bus.serve(
        BusAddress.LOG_FILES,
        LogFilesQuery.class,
        q -> Future.succeededFuture(new LogFiles(logFiles)));
    bus.serve(BusAddress.SERVICES_CONTROL, ServiceCommand.class, this::operate);
    bus.serve(
        BusAddress.SERVICES_RELOAD,
        ReloadCommand.class,
        q -> Future.succeededFuture(new PlanSnapshot(changes)));
    bus.serve(
        BusAddress.SERVICES_PLAN,
        PlanQuery.class,
        q -> Future.succeededFuture(new PlanSnapshot(changes)));
    bus.serve(
        BusAddress.OPENAPI_READ,
        OpenApiQuery.class,
        q -> Future.succeededFuture(new OpenApiDocument(openapi)));
  }

  private final List<ServiceChange> changes =
      List.of(
          new ServiceChange(
              "hello", ServiceChange.Kind.CHANGED, List.of("env differ"), "new runners"));

  void serveStats() {
    bus.serve(
        BusAddress.STATS_READ,
        StatsQuery.class,
        q -> Future.succeededFuture(new StatsSnapshot(stats, refused, traffic)));
  }

  void serveContracts() {
    bus.serve(
        BusAddress.CONTRACT_READ,
        ContractQuery.class,
        q -> Future.succeededFuture(new ContractFindings(contracts)));
  }

  void serveSchedulesAndQueues() {
    bus.serve(
        BusAddress.SCHEDULES_LIST,
        SchedulesQuery.class,
        q -> Future.succeededFuture(schedulesSnapshot()));
    bus.serve(BusAddress.SCHEDULES_CONTROL, ScheduleCommand.class, this::control);
    bus.serve(
        BusAddress.QUEUES_LIST,
        QueuesQuery.class,
        q -> Future.succeededFuture(new QueuesSnapshot(queues)));
    bus.serve(BusAddress.QUEUES_PUBLISH, PublishCommand.class, this::publish);
    bus.serve(BusAddress.DELIVERIES_LIST, DeliveriesQuery.class, this::deliveries);
  }

  /** What the store keeps, newest first, until the consumer is unregistered. */
  MessageConsumer<BusMessage> serveEvents() {
    return bus.serve(BusAddress.EVENTS_LIST, EventsQuery.class, this::events);
  }

  void serveRouting() {
    bus.serve(
        BusAddress.ROUTES_EXPLAIN,
        ExplainQuery.class,
        q ->
            Future.succeededFuture(
                new ExplainReply(
                    "service",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("orders"),
                    Optional.of(q.method() + " " + q.target()),
                    List.of(
                        new ExplainReply.Candidate(
                            new RunnerId("orders", 0), 3, "127.0.0.1:15001", true, 2)),
                    List.of(new Decision("route", "/orders is served by orders")))));
    bus.serve(
        BusAddress.REFUSALS_READ,
        RefusalsQuery.class,
        q ->
            Future.succeededFuture(
                new RefusalsPage(
                    List.of(
                        new RefusedRequest(
                            Samples.NOW,
                            "id",
                            "127.0.0.1",
                            "GET",
                            "/none",
                            404,
                            "WR-3101",
                            "No service.",
                            Optional.empty(),
                            List.of())))));
  }

  void serveAll() {
    serveRouting();
    serveServices();
    serveStats();
    serveContracts();
    serveSchedulesAndQueues();
  }

  /** Replaces a service and tells everyone, as the runtime does. */
  void change(ServiceStatus service) {
    services.removeIf(held -> held.name().equals(service.name()));
    services.add(service);
    revision.incrementAndGet();
    bus.publish(BusAddress.SERVICES_CHANGED, snapshot());
  }

  /** Tells everyone the schedules, as the scheduler does when it has learned of the services. */
  void announceSchedules() {
    bus.publish(BusAddress.SCHEDULES_REPLACED, schedulesSnapshot());
  }

  private SchedulesSnapshot schedulesSnapshot() {
    return new SchedulesSnapshot(schedulesInForce, schedules);
  }

  private ServicesSnapshot snapshot() {
    return new ServicesSnapshot(revision.get(), services);
  }

  private Future<ServiceReply> operate(ServiceCommand command) {
    operated.add(command);
    return Future.succeededFuture(new ServiceReply("being done"));
  }

  private Future<LogsPage> logs(LogsQuery query) {
    logQueries.add(query);
    List<LogLine> newer = lines.stream().filter(line -> line.sequence() > query.after()).toList();
    long last = lines.isEmpty() ? 0 : lines.get(lines.size() - 1).sequence();
    return Future.succeededFuture(new LogsPage(newer, last));
  }

  private Future<EventsPage> events(EventsQuery query) {
    eventQueries.add(query);
    return Future.succeededFuture(new EventsPage(kept));
  }

  private Future<DeliveriesPage> deliveries(DeliveriesQuery query) {
    deliveryQueries.add(query);
    return Future.succeededFuture(new DeliveriesPage(deliveries));
  }

  private Future<PublishReply> publish(PublishCommand command) {
    if (publishFailure.isPresent()) {
      return Future.failedFuture(publishFailure.get());
    }
    published.add(command);
    return Future.succeededFuture(
        new PublishReply("message-" + published.size(), command.queue(), 2, published.size()));
  }

  private Future<ScheduleReply> control(ScheduleCommand command) {
    for (ScheduleStatus held : schedules) {
      if (held.service().equals(command.service()) && held.index() == command.index()) {
        ScheduleStatus changed = after(held, command.action());
        schedules.set(schedules.indexOf(held), changed);
        return Future.succeededFuture(new ScheduleReply(changed));
      }
    }
    return Future.failedFuture(
        new RequestFailedException(
            RequestFailed.Reason.NOT_FOUND, "WR-4301", "no such schedule", "Look at the list."));
  }

  private static ScheduleStatus after(ScheduleStatus held, ScheduleCommand.Action action) {
    boolean paused =
        switch (action) {
          case PAUSE -> true;
          case RESUME -> false;
          case TOGGLE -> !held.paused();
          case RUN -> held.paused();
        };
    return new ScheduleStatus(
        held.service(),
        held.index(),
        held.path(),
        held.interval(),
        paused,
        paused ? Optional.empty() : Optional.of(Samples.NOW.plus(held.interval())),
        held.lastRun(),
        held.running());
  }
}
