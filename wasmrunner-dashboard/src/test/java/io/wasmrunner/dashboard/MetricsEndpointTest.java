package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ServiceState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MetricsEndpointTest {
  @Test
  void writesWhatTheBusKnows() {
    try (TestingDashboard dashboard = new TestingDashboard()) {
      dashboard.peers.services.add(
          Samples.service(
              "hello",
              "",
              null,
              15001,
              ServiceState.DEGRADED,
              Samples.ready("hello", 0, 15001),
              Samples.crashing("hello", 1, 15002, ExitCause.TRAP, "unreachable")));
      dashboard.peers.schedules.add(Samples.schedule("hello", 0, "/hello", true));
      dashboard.peers.queues.add(Samples.queue("odd\"name\\with\nall", 2));
      dashboard.peers.stats = Samples.traffic("hello");
      dashboard.peers.refused = Map.of("host", 3L);
      dashboard.peers.traffic = List.of(Samples.struggling("hello"));
      dashboard.peers.serveAll();
      dashboard.known();

      TestingDashboard.Answer answer = dashboard.get("/__runner__/metrics");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Type"))
          .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      List<String> lines = answer.body().lines().toList();
      assertThat(lines)
          .contains(
              "wasmrunner_info{version=\"1.2.3\"} 1",
              "wasmrunner_ready 1",
              "wasmrunner_services{state=\"degraded\"} 1",
              "wasmrunner_services{state=\"down\"} 0",
              "wasmrunner_runner_ready{service=\"hello\",runner=\"0\"} 1",
              "wasmrunner_runner_ready{service=\"hello\",runner=\"1\"} 0",
              "wasmrunner_runner_memory_bytes{service=\"hello\",runner=\"0\"} 13931488",
              "wasmrunner_runner_memory_limit_bytes{service=\"hello\",runner=\"0\"} 67108864",
              "wasmrunner_runner_cpu_seconds_total{service=\"hello\",runner=\"0\"} 18.24",
              "wasmrunner_runner_throttled_seconds_total{service=\"hello\",runner=\"0\"} 1.5",
              "wasmrunner_runner_open_descriptors{service=\"hello\",runner=\"0\"} 7",
              "wasmrunner_runner_restarts_total{service=\"hello\",runner=\"1\"} 7",
              "wasmrunner_runner_probe_latency_seconds{service=\"hello\",runner=\"0\"} 0.002",
              "wasmrunner_schedule_paused{service=\"hello\",index=\"0\"} 1",
              "wasmrunner_schedule_last_run_succeeded{service=\"hello\",index=\"0\"} 1",
              "wasmrunner_queue_published_total{queue=\"odd\\\"name\\\\with\\nall\"} 1284",
              "wasmrunner_queue_deliveries{queue=\"odd\\\"name\\\\with\\nall\",state=\"dead\"} 2",
              "wasmrunner_events_total{severity=\"error\"} 0",
              "wasmrunner_requests_refused_total{reason=\"host\"} 3",
              "wasmrunner_requests_under_way{service=\"hello\"} 5",
              "wasmrunner_requests_limit{service=\"hello\"} 10",
              "wasmrunner_requests_waiting{service=\"hello\"} 3",
              "wasmrunner_retries_total{service=\"hello\"} 7",
              "wasmrunner_circuit_open{service=\"hello\"} 1",
              "wasmrunner_runner_ejected{service=\"hello\",runner=\"0\"} 0",
              "wasmrunner_runner_ejected{service=\"hello\",runner=\"1\"} 1",
              "wasmrunner_runner_ejections_total{service=\"hello\",runner=\"1\"} 2",
              "wasmrunner_event_stream_clients 0");
      assertThat(lines)
          .anyMatch(
              l ->
                  l.startsWith("wasmrunner_responses_last_hour{service=\"hello\",status=\"502\"}"));
      everyFamilyIsDeclaredOnceBeforeItsSamples(lines);
    }
  }

  @Test
  void comesAlsoWhenNobodyAnswersOnTheBus() {
    try (TestingDashboard dashboard = new TestingDashboard()) {
      TestingDashboard.Answer answer = dashboard.get("/__runner__/metrics");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .contains("wasmrunner_ready 0\n")
          .doesNotContain("wasmrunner_runner");
    }
  }

  private static void everyFamilyIsDeclaredOnceBeforeItsSamples(List<String> lines) {
    Set<String> declared = new HashSet<>();
    String current = "";
    for (String line : lines) {
      if (line.startsWith("# HELP ")) {
        current = line.substring("# HELP ".length(), line.indexOf(' ', "# HELP ".length()));
        assertThat(declared.add(current)).as(current).isTrue();
      } else if (line.startsWith("# TYPE ")) {
        assertThat(line).matches("# TYPE " + current + " (gauge|counter)");
        assertThat(current.endsWith("_total")).as(line).isEqualTo(line.endsWith(" counter"));
      } else {
        assertThat(line).matches(current + "(\\{.+})? -?[0-9.]+");
      }
    }
  }
}
