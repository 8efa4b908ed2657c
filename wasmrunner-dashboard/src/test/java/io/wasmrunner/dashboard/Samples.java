package io.wasmrunner.dashboard;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.GuestSettings;
import io.wasmrunner.model.Lifecycle;
import io.wasmrunner.model.ListenerDefinition;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ScheduleDefinition;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceFiles;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.model.TrafficStatus;
import io.wasmrunner.model.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Services, schedules, queues and traffic for tests. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-23T08:30:00Z");
  static final long MIB = 1 << 20;

  private Samples() {}

  static ServiceStatus service(
      String name,
      String domain,
      ServiceType type,
      int port,
      ServiceState state,
      RunnerStatus... runners) {
    return new ServiceStatus(
        name,
        state,
        Optional.of(definition(name, name, domain, type, port, runners.length)),
        Optional.of("sha256:9f2c4e5d7a8b1c3d5e7f90123456789abcdef0123456789abcdef0123456789a"),
        List.of(runners),
        refused("169.254.169.254:80"),
        List.of());
  }

  /** An unrestricted service that was refused one target. */
  static CapabilityStatus refused(String target) {
    return new CapabilityStatus(
        false,
        List.of("api.example.com:443"),
        List.of(),
        List.of(
            new CapabilityStatus.Denial(
                "connect",
                target,
                "nothing may reach it",
                3,
                NOW.minusSeconds(7),
                Optional.empty())),
        0,
        "\"capabilities\": {\n  \"outbound\": [\n    \"api.example.com:443\"\n  ]\n}");
  }

  static ServiceDefinition definition(
      String name, String prefix, String domain, ServiceType type, int port, int runners) {
    return new ServiceDefinition(
        name,
        Path.of("services", "some"),
        prefix,
        new RunnerAddress("127.0.0.1", port),
        domain.isEmpty() ? Optional.empty() : Optional.of(domain),
        Optional.ofNullable(type),
        true,
        new ServiceFiles(
            Path.of("services", "some", "some.wasm"),
            Optional.of(Path.of("services", "some", "openapi.json")),
            Optional.of("1.4.0")),
        new GuestSettings(
            PluginChoice.named("embedded"),
            OptionalInt.of(64),
            RunnerLimits.DEFAULT,
            Map.of("API_TOKEN", "very-secret-value"),
            Map.of(),
            Optional.empty()),
        Lifecycle.DEFAULT.withRunners(Math.max(1, runners)),
        TrafficSettings.DEFAULT,
        List.of(new ScheduleDefinition(0, "/hello", Duration.ofSeconds(60))),
        type == ServiceType.ADAPTER
            ? List.of(new ListenerDefinition("orders.created", "/queues/orders"))
            : List.of());
  }

  static RunnerStatus ready(String service, int index, int port) {
    return runner(service, index, port, RunnerState.READY, Optional.empty());
  }

  static RunnerStatus crashing(
      String service, int index, int port, ExitCause cause, String detail) {
    return runner(
        service,
        index,
        port,
        RunnerState.CRASH_LOOP,
        Optional.of(new RunnerExit(NOW.minusSeconds(14), cause, detail)));
  }

  private static final RunnerActivity ACTIVITY =
      new RunnerActivity(
          Duration.ofMillis(1_500),
          7,
          1024,
          3,
          "poll_oneoff",
          Map.of("sock_recv", new CallCount(1_200, 4)));

  static RunnerStatus runner(
      String service, int index, int port, RunnerState state, Optional<RunnerExit> exit) {
    boolean running = state == RunnerState.READY || state == RunnerState.UNHEALTHY;
    return new RunnerStatus(
        new RunnerId(service, index),
        new RunnerAddress("127.0.0.1", port),
        state,
        NOW.minusSeconds(running ? 4_300 : 12),
        1 + (exit.isPresent() ? 7 : 0),
        exit.isPresent() ? 7 : 0,
        running ? Optional.of(NOW.minusSeconds(4_310)) : Optional.empty(),
        running ? Optional.empty() : Optional.of(NOW.plusSeconds(28)),
        running ? (13 + 9L * index) * MIB + 300_000 : 0,
        64 * MIB,
        running ? 2 : 0,
        Duration.ofMillis(running ? 18_240 : 0),
        running ? "compiled" : "",
        running ? ACTIVITY : RunnerActivity.UNKNOWN,
        running ? 92 : 0,
        running
            ? Optional.of(
                new ProbeStatus(true, NOW.minusSeconds(3), Duration.ofMillis(2), "HTTP 200"))
            : Optional.empty(),
        exit);
  }

  /** A service whose circuit is open, and whose runner 1 is ejected for 20 s. */
  static TrafficStatus struggling(String service) {
    return new TrafficStatus(
        service,
        5,
        10,
        3,
        Optional.of(TrafficStatus.Circuit.OPEN),
        7,
        List.of(
            new TrafficStatus.RunnerTraffic(0, 1, 5, 1, Optional.empty(), 0),
            new TrafficStatus.RunnerTraffic(1, 1, 0, 0.5, Optional.of(NOW.plusSeconds(20)), 2)));
  }

  static ServiceStatus invalid(String name) {
    return new ServiceStatus(
        name,
        ServiceState.INVALID,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        CapabilityStatus.NONE,
        List.of(
            new Violation(
                "WR-2003",
                name + "/config/service.json",
                4,
                13,
                "/runners",
                "a whole number of at least 1",
                "0",
                "Write \"runners\": 1 or leave the key out."),
            new Violation(
                "WR-2004",
                name + "/config/service.json",
                7,
                3,
                "",
                "a known key",
                "\"memory_limit\"",
                "Did you mean \"memory_limit_mb\"?")));
  }

  static ScheduleStatus schedule(String service, int index, String path, boolean paused) {
    return new ScheduleStatus(
        service,
        index,
        path,
        Duration.ofSeconds(60),
        paused,
        paused ? Optional.empty() : Optional.of(NOW.plusSeconds(42)),
        Optional.of(
            new ScheduleStatus.RunResult(NOW.minusSeconds(18), Duration.ofMillis(31), 202, "", 1)),
        false);
  }

  static QueueStatus queue(String name, long dead) {
    return new QueueStatus(name, List.of("billing/queues/orders"), 1_284, 3, 1, 1_280 - dead, dead);
  }

  static DeliveryStatus delivery(String queue, DeliveryStatus.State state, String error) {
    return new DeliveryStatus(
        "01JDC4Y8M2Q7R5T9V3W6X0Z1A2",
        queue,
        "billing",
        "/queues/orders",
        state,
        NOW.minusSeconds(90),
        state == DeliveryStatus.State.DEAD ? 8 : 1,
        state == DeliveryStatus.State.PENDING ? Optional.of(NOW.plusSeconds(5)) : Optional.empty(),
        error.isEmpty() ? 202 : 500,
        error);
  }

  static LogLine line(long sequence, int runner, LogLine.Level level, String text) {
    return new LogLine(
        sequence, NOW.minusSeconds(100 - sequence), runner, LogLine.Stream.STDOUT, level, text);
  }

  static RequestStats traffic(String... services) {
    long now = NOW.getEpochSecond() / 60;
    List<RequestStats.MinuteCounts> minutes = new ArrayList<>();
    for (int minute = 0; minute < 60; minute++) {
      Map<Integer, Long> counts = new TreeMap<>();
      long answers = Math.round(420 + 260 * Math.sin(minute / 7.0) + minute * 37 % 90);
      counts.put(200, answers);
      counts.put(404, answers / 25);
      if (minute > 40 && minute < 48) {
        counts.put(502, answers / 8);
      }
      minutes.add(new RequestStats.MinuteCounts(now - 59 + minute, counts));
    }
    List<RequestStats.ServiceCounts> perService = new ArrayList<>();
    for (String service : services) {
      perService.add(
          new RequestStats.ServiceCounts(
              service, List.of(new RequestStats.EndpointCounts("hello", minutes))));
    }
    return new RequestStats(minutes, perService);
  }
}
