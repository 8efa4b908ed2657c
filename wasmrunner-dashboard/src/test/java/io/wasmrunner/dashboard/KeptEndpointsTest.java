package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers that callers of earlier versions rely on. */
final class KeptEndpointsTest {
  private static TestingDashboard dashboard;

  @BeforeAll
  static void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.services.add(
        Samples.service(
            "hello", "", null, 15001, ServiceState.READY, Samples.ready("hello", 0, 15001)));
    dashboard.peers.schedules.add(Samples.schedule("hello", 0, "/hello", false));
    dashboard.peers.serveServices();
    dashboard.peers.serveSchedulesAndQueues();
    dashboard.known();
  }

  @BeforeEach
  void forget() {
    dashboard.peers.schedules.set(0, Samples.schedule("hello", 0, "/hello", false));
    dashboard.peers.lines.clear();
    dashboard.peers.logQueries.clear();
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  @Test
  void stats() {
    TestingDashboard.Answer before = dashboard.get("/__runner__/stats");
    assertThat(before.status()).isEqualTo(503);
    assertThat(before.body()).isEqualTo("stats unavailable");

    dashboard.peers.stats = Samples.traffic("hello");
    dashboard.peers.serveStats();
    TestingDashboard.Answer answer = dashboard.get("/__runner__/stats");
    assertThat(answer.status()).isEqualTo(200);
    JsonObject stats = answer.json();
    assertThat(stats.fieldNames())
        .containsExactlyInAnyOrder("generated_at", "window_minutes", "global", "services");
    assertThat(stats.getLong("generated_at")).isEqualTo(Samples.NOW.getEpochSecond());
    assertThat(stats.getInteger("window_minutes")).isEqualTo(60);
    assertThat(stats.getJsonArray("global")).hasSize(60);
    JsonObject minute = stats.getJsonArray("global").getJsonObject(59);
    assertThat(minute.getLong("minute")).isEqualTo(Samples.NOW.getEpochSecond() / 60);
    assertThat(minute.getJsonObject("counts").getLong("200")).isPositive();
    JsonObject service = stats.getJsonArray("services").getJsonObject(0);
    assertThat(service.getString("service")).isEqualTo("hello");
    JsonObject endpoint = service.getJsonArray("endpoints").getJsonObject(0);
    assertThat(endpoint.getString("endpoint")).isEqualTo("hello");
    assertThat(endpoint.getJsonArray("minutes").getJsonObject(0).fieldNames())
        .containsExactlyInAnyOrder("minute", "counts");
  }

  @Test
  void logs() {
    TestingDashboard.Answer empty = dashboard.get("/__runner__/services/hello/logs");
    assertThat(empty.status()).isEqualTo(200);
    assertThat(empty.body()).isEqualTo("No hay logs disponibles aún.");
    assertThat(empty.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");

    dashboard.peers.lines.addAll(
        List.of(
            Samples.line(1, 0, LogLine.Level.INFO, "listening"),
            Samples.line(2, 1, LogLine.Level.ERROR, "\u001b[31mred\u001b[0m \u202egnp.exe")));
    String text = dashboard.get("/__runner__/services/hello/logs").body();
    assertThat(text.lines())
        .containsExactly(
            "2026-11-23T08:28:21Z [runner 0] [INFO] listening",
            "2026-11-23T08:28:22Z [runner 1] [ERROR] red \u27e8U+202E\u27e9gnp.exe");
    assertThat(dashboard.peers.logQueries.get(0).tail()).isEqualTo(200);
  }

  @Test
  void openapi() {
    TestingDashboard.Answer answer = dashboard.get("/__runner__/services/hello/openapi");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.body()).isEqualTo(dashboard.peers.openapi);
  }

  @Test
  void toggle() {
    String path = "/__runner__/services/hello/schedules/0/toggle";

    assertThat(dashboard.post(path, "").body()).isEqualTo("{\"paused\":true}");
    assertThat(dashboard.post(path, "").body()).isEqualTo("{\"paused\":false}");
  }

  @Test
  void run() {
    TestingDashboard.Answer answer =
        dashboard.post("/__runner__/services/hello/schedules/0/run", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("status_text")).isEqualTo("Último HTTP: 202");
    assertThat(answer.json().getString("time_text")).isEqualTo("Última ejecución hace 18 s");
    assertThat(answer.json().size()).isEqualTo(2);
  }

  @Test
  void runThatFailed() {
    ScheduleStatus held = dashboard.peers.schedules.get(0);
    dashboard.peers.schedules.set(
        0,
        new ScheduleStatus(
            held.service(),
            0,
            held.path(),
            held.interval(),
            true,
            Optional.empty(),
            Optional.of(
                new ScheduleStatus.RunResult(
                    Samples.NOW, Duration.ofSeconds(2), 0, "connection refused", 3)),
            false));

    TestingDashboard.Answer answer =
        dashboard.post("/__runner__/services/hello/schedules/0/run", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("status_text"))
        .isEqualTo("Último error: connection refused");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/__runner__/services/none/logs,404,not found",
    "GET,/__runner__/services/none/openapi,404,not found",
    "POST,/__runner__/services/none/schedules/0/toggle,404,not found",
    "POST,/__runner__/services/hello/schedules/7/run,404,not found",
    "POST,/__runner__/services/hello/schedules/x/toggle,400,invalid schedule index",
    "POST,/__runner__/services/hello/schedules/-1/run,400,invalid schedule index",
    "GET,/__runner__/services/hello/schedules/0/toggle,405,method not allowed",
    "GET,/__runner__/services/hello/schedules/0/run,405,method not allowed",
    "PUT,/__runner__/stats,405,method not allowed",
    "GET,/__runner__/queues/orders,405,method not allowed",
    "GET,/__runner__/nothing,404,not found",
    "GET,/__runner__,404,not found",
    "POST,/__runner__/nothing,404,not found"
  })
  void errorsAreTheOldTexts(String method, String path, int status, String body) {
    TestingDashboard.Answer answer = dashboard.send(HttpMethod.valueOf(method), path, "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void errorsAreProblemsForThoseWhoAskForJson() {
    TestingDashboard.Answer answer =
        dashboard.get("/__runner__/services/none/logs", "Accept", "application/json");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().getString("code")).isEqualTo("WR-2041");
    assertThat(answer.json().getString("type")).isEqualTo("urn:wasmrunner:error:WR-2041");
  }
}
