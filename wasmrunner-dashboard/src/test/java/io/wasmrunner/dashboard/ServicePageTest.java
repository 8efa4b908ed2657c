package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceCommand.Action;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of one service, its buttons and its charts. */
final class ServicePageTest {
  private static final String PAGE = "/__runner__/ui/services/hello";
  private static TestingDashboard dashboard;

  @BeforeAll
  static void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.services.add(
        Samples.service(
            "hello",
            "",
            null,
            15001,
            ServiceState.READY,
            Samples.ready("hello", 0, 15001),
            Samples.ready("hello", 1, 15002)));
    dashboard.peers.services.add(Samples.invalid("wrong"));
    dashboard.peers.lines.add(Samples.line(1, 0, LogLine.Level.ERROR, "it broke"));
    dashboard.peers.serveAll();
    dashboard.known();
    Awaitility.await()
        .until(() -> dashboard.get(PAGE).body().contains("<polyline class=\"curve c2"));
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  /* ---- The page ---- */

  @Test
  void hasChartsWithFiguresForThoseWhoDoNotSeeThem() {
    String page = dashboard.get(PAGE + "?lang=en").body();
    assertThat(page)
        .contains("<title id=\"usage-memory-svg\">Memory</title>")
        .contains("<desc id=\"usage-cpu-desc\">One line per runner")
        .contains("13.3 MiB", "it broke", "data-live")
        .containsOnlyOnce("<h1");
    Matcher labelled = Pattern.compile("aria-labelledby=\"([^\"]+)\"").matcher(page);
    while (labelled.find()) {
      for (String id : labelled.group(1).split(" ", -1)) {
        assertThat(page).contains("id=\"" + id + "\"");
      }
    }
    List<String> ids =
        Pattern.compile(" id=\"([^\"]+)\"").matcher(page).results().map(m -> m.group(1)).toList();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(dashboard.get(PAGE + "?lang=es").body())
        .contains("Los últimos 15 minutos", "Reiniciar");
  }

  @Test
  void anInvalidServiceHasAPageToo() {
    assertThat(dashboard.get("/__runner__/ui/services/wrong").body())
        .contains("WR-2003", "/wrong/reload\"")
        .doesNotContain("/wrong/restart\"");
    assertThat(dashboard.get("/__runner__/ui/services/none").status()).isEqualTo(404);
  }

  /* ---- Buttons ---- */

  @Test
  void everyButtonOfThePageAsksTheRuntime() {
    dashboard.peers.operated.clear();
    Matcher forms =
        Pattern.compile("action=\"(/__runner__/ui/services/hello/[^\"]+)\"")
            .matcher(dashboard.get(PAGE).body());
    while (forms.find()) {
      TestingDashboard.Answer answer =
          dashboard.post(forms.group(1).replace("&amp;", "&").replace("&#x3D;", "="), "");
      assertThat(answer.status()).as(forms.group(1)).isEqualTo(303);
      assertThat(dashboard.get(answer.header("Location").replace("#notice", "")).body())
          .contains("id=\"notice\"");
    }
    assertThat(dashboard.peers.operated)
        .contains(
            command(Action.RESTART, -1, -1),
            command(Action.STOP, 1, -1),
            command(Action.RESTART, 0, -1),
            command(Action.SCALE, -1, 3),
            command(Action.SCALE, -1, 1),
            command(Action.RELOAD, -1, -1),
            command(Action.DISABLE, -1, -1));
  }

  /** A command; -1 for no number. */
  private static ServiceCommand command(Action action, int runner, int runners) {
    return new ServiceCommand("hello", action, number(runner), number(runners));
  }

  private static OptionalInt number(int value) {
    return value < 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  @Test
  void foreignPagesAndWrongNumbersDoNothing() {
    dashboard.peers.operated.clear();
    assertThat(dashboard.post(PAGE + "/stop", "", "Origin", "http://evil.example").status())
        .isEqualTo(403);
    assertThat(dashboard.post(PAGE + "/scale", "").status()).isEqualTo(400);
    assertThat(dashboard.post(PAGE + "/scale?runners=0", "").status()).isEqualTo(400);
    assertThat(dashboard.post(PAGE + "/stop?runner=x", "").status()).isEqualTo(400);
    assertThat(dashboard.get(PAGE + "/stop").status()).isEqualTo(405);
    assertThat(dashboard.post("/__runner__/ui/services/none/stop", "").status()).isEqualTo(404);
    assertThat(dashboard.peers.operated).isEmpty();
  }

  /* ---- History ---- */

  @Test
  void theHistoryIsInTheApi() {
    JsonObject runner =
        dashboard
            .get("/__runner__/api/v1/services/hello/history")
            .json()
            .getJsonArray("runners")
            .getJsonObject(0);
    assertThat(runner.getInteger("index")).isZero();
    assertThat(runner.getJsonArray("samples").getJsonObject(0).getLong("memory_bytes"))
        .isEqualTo(13 * Samples.MIB + 300_000);
  }

  @Test
  void theHistoryIsBoundedAndTellsRates() {
    UsageHistory history = new UsageHistory();
    RunnerStatus ready = Samples.ready("hello", 0, 15001);
    Instant start = Samples.NOW;
    for (int i = 0; i < 1_000; i++) {
      history.sample(
          snapshot(used(ready, 1, Duration.ofMillis(i * 1_000L), i * 50L)),
          start.plusSeconds(i * 2L));
    }
    List<UsageSample> samples = history.of("hello", start).get(0).samples();
    assertThat(samples).hasSize(450);
    UsageSample last = samples.get(449);
    assertThat(last.at()).isEqualTo(start.plusSeconds(1_998));
    assertThat(last.cpuPercent()).isEqualTo(50);
    assertThat(last.callsPerSecond()).isEqualTo(25);
    assertThat(history.of("hello", start).get(0).callsPerSecond())
        .containsOnlyKeys("sock_recv")
        .hasEntrySatisfying(
            "sock_recv", rates -> assertThat(rates).hasSize(450).endsWith(25.0, 25.0));
    assertThat(history.of("hello", last.at().minusSeconds(10)).get(0).samples()).hasSize(6);

    history.sample(snapshot(used(ready, 2, Duration.ZERO, 0)), start.plusSeconds(2_000));
    UsageSample restarted = history.of("hello", start).get(0).samples().get(449);
    assertThat(restarted.cpuPercent()).isZero();
    assertThat(restarted.callsPerSecond()).isZero();

    history.sample(new ServicesSnapshot(9, List.of()), start.plusSeconds(2_002));
    assertThat(history.of("hello", start)).isEmpty();
  }

  private static ServicesSnapshot snapshot(RunnerStatus runner) {
    ServiceStatus service = Samples.service("hello", "", null, 15001, ServiceState.READY, runner);
    return new ServicesSnapshot(1, List.of(service));
  }

  private static RunnerStatus used(RunnerStatus runner, long generation, Duration cpu, long calls) {
    return new RunnerStatus(
        runner.id(),
        runner.address(),
        runner.state(),
        runner.since(),
        generation,
        runner.restarts(),
        runner.startedAt(),
        runner.nextStartAt(),
        runner.memoryBytes(),
        runner.memoryLimitBytes(),
        runner.memoryRefusals(),
        cpu,
        runner.code(),
        new RunnerActivity(
            Duration.ZERO,
            3,
            100,
            0,
            "",
            new TreeMap<>(Map.of("sock_recv", new CallCount(calls, 0)))),
        runner.droppedLines(),
        runner.lastProbe(),
        runner.lastExit());
  }
}
