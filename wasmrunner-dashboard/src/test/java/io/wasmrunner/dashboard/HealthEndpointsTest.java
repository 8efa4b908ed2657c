package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HealthEndpointsTest {
  private TestingDashboard dashboard;

  @BeforeEach
  void start() {
    dashboard = new TestingDashboard();
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  @Test
  void liveAtOnceForGetAndHead() {
    TestingDashboard.Answer answer = dashboard.get("/health");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.header("Content-Type")).startsWith("text/plain");

    TestingDashboard.Answer head = dashboard.send(HttpMethod.HEAD, "/health", "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void notReadyBeforeTheServicesAreKnown() {
    assertThat(dashboard.get("/ready").status()).isEqualTo(503);
    assertThat(dashboard.get("/__runner__/api/v1/services").json().getString("code"))
        .isEqualTo("WR-5015");
  }

  @Test
  void readyOnceEveryRequiredServiceHasAReadyRunner() {
    dashboard.peers.services.add(
        Samples.service(
            "hello",
            "",
            null,
            15001,
            ServiceState.DEGRADED,
            Samples.ready("hello", 0, 15001),
            Samples.crashing("hello", 1, 15002, ExitCause.TRAP, "unreachable")));
    dashboard.peers.services.add(
        optional(
            Samples.service(
                "extra",
                "",
                null,
                15003,
                ServiceState.DOWN,
                Samples.crashing("extra", 0, 15003, ExitCause.TRAP, "unreachable"))));
    dashboard.peers.serveServices();
    dashboard.peers.serveSchedulesAndQueues();

    Awaitility.await().until(() -> dashboard.get("/ready").status() == 200);
    assertThat(dashboard.get("/ready").json().getBoolean("ready")).isTrue();
  }

  @Test
  void notReadyBeforeTheSchedulerKnowsTheServices() {
    dashboard.peers.services.add(
        Samples.service(
            "hello", "", null, 15001, ServiceState.READY, Samples.ready("hello", 0, 15001)));
    dashboard.peers.schedulesInForce = false;
    dashboard.peers.serveServices();
    dashboard.peers.serveSchedulesAndQueues();
    Awaitility.await().until(() -> dashboard.get("/__runner__/api/v1/schedules").status() == 200);
    Awaitility.await().until(() -> dashboard.get("/__runner__/api/v1/services").status() == 200);

    assertThat(dashboard.get("/ready").status()).isEqualTo(503);
    assertThat(dashboard.get("/ready").body()).contains("schedules and queues are not in force");

    dashboard.peers.schedulesInForce = true;
    dashboard.peers.announceSchedules();
    Awaitility.await().until(() -> dashboard.get("/ready").status() == 200);
  }

  @Test
  void saysWhichServiceIsNotReadyAndWhy() {
    dashboard.peers.services.add(
        Samples.service(
            "down",
            "",
            null,
            15001,
            ServiceState.DOWN,
            Samples.crashing("down", 0, 15001, ExitCause.TRAP, "unreachable")));
    dashboard.peers.services.add(Samples.invalid("wrong"));
    dashboard.peers.services.add(
        Samples.service(
            "fine", "", null, 15004, ServiceState.READY, Samples.ready("fine", 0, 15004)));
    dashboard.peers.serveServices();
    dashboard.peers.serveSchedulesAndQueues();
    Awaitility.await().until(() -> dashboard.get("/__runner__/api/v1/schedules").status() == 200);
    Awaitility.await().until(() -> dashboard.get("/__runner__/api/v1/services").status() == 200);

    TestingDashboard.Answer answer = dashboard.get("/ready");
    assertThat(answer.status()).isEqualTo(503);
    List<?> reasons = answer.json().getJsonArray("reasons").getList();
    assertThat(reasons).hasSize(2);
    JsonObject first = answer.json().getJsonArray("reasons").getJsonObject(0);
    assertThat(first.getString("service")).isEqualTo("down");
    assertThat(first.getString("why")).contains("none of its 1 runners");
    JsonObject second = answer.json().getJsonArray("reasons").getJsonObject(1);
    assertThat(second.getString("service")).isEqualTo("wrong");
    assertThat(second.getString("state")).isEqualTo("INVALID");
  }

  private static ServiceStatus optional(ServiceStatus service) {
    ServiceDefinition d = service.definition().orElseThrow();
    ServiceDefinition optional = d.withRequired(false);
    return new ServiceStatus(
        service.name(),
        service.state(),
        Optional.of(optional),
        service.digest(),
        service.runners(),
        service.capabilities(),
        service.violations());
  }
}
