package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What monitoring systems collect. */
final class MetricsEndpoint {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Bus bus;
  private final LiveModel model;
  private final EventHistory history;
  private final LiveEvents live;
  private final String version;

  MetricsEndpoint(Bus bus, LiveModel model, EventHistory history, LiveEvents live, String version) {
    this.bus = bus;
    this.model = model;
    this.history = history;
    this.live = live;
    this.version = version;
  }

  void mount(Endpoints endpoints) {
    endpoints.get(Paths.ROOT + "/metrics", this::collect);
  }

  private void collect(RoutingContext context) {
    Endpoints.whenDone(
        context,
        bus.request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class, PATIENCE)
            // The other figures have to come also when the proxy is silent.
            .otherwise(new StatsSnapshot(new RequestStats(List.of(), List.of()))),
        stats ->
            context
                .response()
                .putHeader("Content-Type", PrometheusText.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store")
                .end(write(stats)));
  }

  private String write(StatsSnapshot stats) {
    PrometheusText text = new PrometheusText();
    text.gauge("wasmrunner_info", "Version of wasmrunner.").sample(1, "version", version);
    text.gauge("wasmrunner_ready", "Whether every required service can serve.")
        .sample(Readiness.of(model).ready() ? 1 : 0);
    model.services().ifPresent(services -> services(text, services));
    model.schedules().ifPresent(schedules -> schedules(text, schedules));
    model.queues().ifPresent(queues -> queues(text, queues));
    responses(text, stats.stats());
    TrafficMetrics.write(text, stats.traffic());
    PrometheusText.Family refused =
        text.counter(
            "wasmrunner_requests_refused_total",
            "Requests refused as malformed or ambiguous, by reason.");
    new TreeMap<>(stats.refused())
        .forEach((reason, count) -> refused.sample(count, "reason", reason));
    PrometheusText.Family events =
        text.counter("wasmrunner_events_total", "Events since the start, by severity.");
    history
        .totals()
        .forEach(
            (severity, count) ->
                events.sample(count, "severity", severity.name().toLowerCase(Locale.ROOT)));
    text.gauge("wasmrunner_event_stream_clients", "Clients that listen to live events.")
        .sample(live.stream().size());
    return text.toString();
  }

  private static void services(PrometheusText text, ServicesSnapshot snapshot) {
    PrometheusText.Family states = text.gauge("wasmrunner_services", "Services by state.");
    for (ServiceState state : ServiceState.values()) {
      long count = snapshot.services().stream().filter(s -> s.state() == state).count();
      states.sample(count, "state", state.name().toLowerCase(Locale.ROOT));
    }
    List<RunnerStatus> runners =
        snapshot.services().stream().flatMap(service -> service.runners().stream()).toList();
    Runners families = new Runners(text);
    runners.forEach(families::sample);
  }

  private static final class Runners {
    private final PrometheusText.Family ready;
    private final PrometheusText.Family memory;
    private final PrometheusText.Family limit;
    private final PrometheusText.Family cpu;
    private final PrometheusText.Family throttled;
    private final PrometheusText.Family descriptors;
    private final PrometheusText.Family restarts;
    private final PrometheusText.Family probe;
    private final PrometheusText.Family started;
    private final PrometheusText.Family dropped;
    private final PrometheusText.Family calls;
    private final PrometheusText.Family failedCalls;

    Runners(PrometheusText text) {
      ready = text.gauge("wasmrunner_runner_ready", "Whether the runner gets requests.");
      memory = text.gauge("wasmrunner_runner_memory_bytes", "Linear memory in use.");
      limit = text.gauge("wasmrunner_runner_memory_limit_bytes", "Limit of the linear memory.");
      cpu =
          text.counter(
              "wasmrunner_runner_cpu_seconds_total", "CPU time since the runner's last start.");
      throttled =
          text.counter(
              "wasmrunner_runner_throttled_seconds_total",
              "Time for which the runner was made to wait because of limits.cpu_share.");
      descriptors =
          text.gauge("wasmrunner_runner_open_descriptors", "Files and sockets that are open.");
      restarts = text.counter("wasmrunner_runner_restarts_total", "Starts after the first.");
      probe =
          text.gauge("wasmrunner_runner_probe_latency_seconds", "How long the last probe took.");
      started =
          text.gauge(
              "wasmrunner_runner_start_timestamp_seconds", "When the runner was started last.");
      dropped =
          text.counter(
              "wasmrunner_runner_log_lines_dropped_total",
              "Lines of output that were too many to be logged, since the runner's last start.");
      calls =
          text.counter(
              "wasmrunner_runner_host_calls_total",
              "Calls of a function of the host since the runner's last start.");
      failedCalls =
          text.counter(
              "wasmrunner_runner_host_call_errors_total",
              "Such calls that gave an error number other than \"try again\".");
    }

    void sample(RunnerStatus runner) {
      String[] labels = {
        "service", runner.id().service(), "runner", Integer.toString(runner.id().index())
      };
      ready.sample(runner.state() == RunnerState.READY ? 1 : 0, labels);
      memory.sample(runner.memoryBytes(), labels);
      limit.sample(runner.memoryLimitBytes(), labels);
      cpu.sample(seconds(runner.cpu()), labels);
      throttled.sample(seconds(runner.activity().throttled()), labels);
      descriptors.sample(runner.activity().openDescriptors(), labels);
      restarts.sample(runner.restarts(), labels);
      runner.startedAt().ifPresent(start -> started.sample(start.toEpochMilli() / 1000.0, labels));
      dropped.sample(runner.droppedLines(), labels);
      runner
          .activity()
          .calls()
          .forEach(
              (function, count) -> {
                String[] named = {labels[0], labels[1], labels[2], labels[3], "function", function};
                calls.sample(count.calls(), named);
                failedCalls.sample(count.errors(), named);
              });
      runner.lastProbe().ifPresent(last -> probe.sample(seconds(last.latency()), labels));
    }
  }

  private static void schedules(PrometheusText text, List<ScheduleStatus> schedules) {
    PrometheusText.Family paused =
        text.gauge("wasmrunner_schedule_paused", "Whether the schedule waits for a resume.");
    PrometheusText.Family succeeded =
        text.gauge(
            "wasmrunner_schedule_last_run_succeeded",
            "Whether the last run was answered with 2xx.");
    PrometheusText.Family at =
        text.gauge("wasmrunner_schedule_last_run_timestamp_seconds", "When the last run began.");
    for (ScheduleStatus schedule : schedules) {
      String[] labels = {
        "service", schedule.service(), "index", Integer.toString(schedule.index())
      };
      paused.sample(schedule.paused() ? 1 : 0, labels);
      schedule
          .lastRun()
          .ifPresent(
              run -> {
                succeeded.sample(run.succeeded() ? 1 : 0, labels);
                at.sample(run.startedAt().toEpochMilli() / 1000.0, labels);
              });
    }
  }

  private static void queues(PrometheusText text, List<QueueStatus> queues) {
    PrometheusText.Family published =
        text.counter("wasmrunner_queue_published_total", "Messages accepted by the queue.");
    PrometheusText.Family deliveries =
        text.gauge(
            "wasmrunner_queue_deliveries",
            "Deliveries by state: now, delivered ones since the store was made.");
    for (QueueStatus queue : queues) {
      published.sample(queue.published(), "queue", queue.name());
      deliveries
          .sample(queue.pending(), "queue", queue.name(), "state", "pending")
          .sample(queue.inFlight(), "queue", queue.name(), "state", "in_flight")
          .sample(queue.delivered(), "queue", queue.name(), "state", "delivered")
          .sample(queue.dead(), "queue", queue.name(), "state", "dead");
    }
  }

  private static void responses(PrometheusText text, RequestStats stats) {
    PrometheusText.Family responses =
        text.gauge(
            "wasmrunner_responses_last_hour",
            "Answers through the entry point in the last 60 minutes.");
    for (RequestStats.ServiceCounts service : stats.services()) {
      SortedMap<Integer, Long> byStatus = new TreeMap<>();
      service.endpoints().stream()
          .flatMap(endpoint -> endpoint.minutes().stream())
          .forEach(
              minute ->
                  minute.counts().forEach((status, n) -> byStatus.merge(status, n, Long::sum)));
      byStatus.forEach(
          (status, count) ->
              responses.sample(
                  count, "service", service.service(), "status", Integer.toString(status)));
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
