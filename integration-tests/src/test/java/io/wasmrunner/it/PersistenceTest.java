package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What was acknowledged survives, even when the process is taken away. */
final class PersistenceTest {
  @TempDir Path folder;

  @Test
  void pausesResultsAndMessagesSurviveAKill() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello", "billing_adapter");
    ObjectNode away = services.config("billing_adapter");
    services.withConfigText(
        "billing_adapter", away.toString().replace("/queues/order-created", "/not-there"));

    try (Wasmrunner first = Wasmrunner.ready(services)) {
      assertThat(Http.post(first.url("/__runner__/services/hello/schedules/0/run"), "").body())
          .contains("Último HTTP: 200");
      assertThat(Http.post(first.url("/__runner__/services/hello/schedules/0/toggle"), "").body())
          .contains("true");
      HttpResponse<String> published =
          Http.post(
              first.url("/__runner__/queues/orders.created"),
              "{\"event\":\"OrderCreated\"}",
              "Content-Type",
              "application/json");
      assertThat(published.statusCode()).isEqualTo(202);
      assertThat(Http.json(published.body()).path("subscribers").asInt()).isEqualTo(1);
      first.kill();
    }

    try (Wasmrunner second = Wasmrunner.ready(services)) {
      Awaitility.await("the scheduler knows the service again")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                JsonNode schedule =
                    Http.json(second.url("/__runner__/api/v1/schedules")).at("/schedules/0");
                assertThat(schedule.path("paused").asBoolean()).isTrue();
                assertThat(schedule.at("/last_run/http_status").asInt()).isEqualTo(200);
              });
      Awaitility.await("the message is tried again")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                JsonNode queue = Http.json(second.url("/__runner__/api/v1/queues/orders.created"));
                assertThat(queue.path("published").asInt()).isEqualTo(1);
                assertThat(queue.path("pending").asInt() + queue.path("in_flight").asInt())
                    .isEqualTo(1);
                assertThat(
                        Http.json(second.url("/__runner__/api/v1/queues/orders.created/deliveries"))
                            .at("/deliveries/0/attempts")
                            .asInt())
                    .isGreaterThan(1);
              });
    }
  }

  @Test
  void eventsAndWhatIsDisabledSurviveAKill() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    JsonNode asked;
    try (Wasmrunner first = Wasmrunner.ready(services)) {
      assertThat(Http.post(first.url("/__runner__/api/v1/services/hello/disable"), "").statusCode())
          .isEqualTo(202);
      awaitDisabled(first);
      asked = awaitKept(first, "service.disable_requested");
      first.kill();
    }

    try (Wasmrunner second = Wasmrunner.ready(services)) {
      awaitDisabled(second);
      assertThat(awaitKept(second, "service.disable_requested"))
          .as("the same event, number and all")
          .isEqualTo(asked);
    }
  }

  @Test
  void theEndOfTheRunnersIsKeptWhenAllStops() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    try (Wasmrunner first = Wasmrunner.ready(services)) {
      first.terminate();
      assertThat(first.exitStatus()).isZero();
    }

    try (Wasmrunner second = Wasmrunner.ready(services)) {
      // Nothing has ended in this process.
      awaitKept(second, "runner.exited");
    }
  }

  private static void awaitDisabled(Wasmrunner wasmrunner) {
    Awaitility.await("disabled")
        .atMost(Duration.ofSeconds(30))
        .until(() -> wasmrunner.service("hello").path("state").asString("").equals("DISABLED"));
  }

  /** The newest event of this kind, once the store has it. */
  private static JsonNode awaitKept(Wasmrunner wasmrunner, String kind) {
    return Awaitility.await("the store has the event " + kind)
        .atMost(Duration.ofSeconds(30))
        .until(() -> kept(wasmrunner, kind), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<JsonNode> kept(Wasmrunner wasmrunner, String kind) {
    JsonNode history =
        Http.json(wasmrunner.url("/__runner__/api/v1/events/history?service=hello&limit=1000"));
    return history.path("source").asString("").equals("store")
        ? history
            .path("events")
            .valueStream()
            .filter(event -> event.path("kind").asString("").equals(kind))
            .findFirst()
        : Optional.empty();
  }
}
