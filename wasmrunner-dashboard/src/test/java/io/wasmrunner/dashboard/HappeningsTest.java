package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history comes from the store, and from memory while that is silent. */
final class HappeningsTest {
  private static final String HISTORY = Paths.API + "/events/history";

  private final TestingDashboard dashboard = new TestingDashboard();

  @BeforeEach
  void serve() {
    dashboard.peers.kept.add(new EventsPage.Kept(4711, event("before the restart")));
    dashboard.peers.serveAll();
    dashboard.known();
  }

  @AfterEach
  void close() {
    dashboard.close();
  }

  @Test
  void whatWasBeforeTheStartComesFromTheStore() {
    dashboard.peers.serveEvents();

    JsonObject answer = dashboard.get(HISTORY).json();

    assertThat(answer.getString("source")).isEqualTo("store");
    assertThat(answer.getJsonArray("events").getJsonObject(0).getMap())
        .containsEntry("sequence", 4711)
        .containsEntry("service", "orders")
        .containsEntry("message", "before the restart");
    assertThat(dashboard.get("/").body())
        .contains("before the restart", "event-4711")
        .doesNotContain("Only since the last start");
  }

  @Test
  void theStoreGetsTheFilters() {
    dashboard.peers.serveEvents();

    dashboard.get(HISTORY + "?limit=7&severity=error&service=orders&before=4712");
    dashboard.get(HISTORY);

    assertThat(dashboard.peers.eventQueries)
        .containsExactly(
            new EventsQuery(Severity.ERROR, Optional.of("orders"), 4712, 7),
            new EventsQuery(Severity.INFO, Optional.empty(), Happenings.NEWEST, 100));
    assertThat(dashboard.get(HISTORY + "?before=0").json().getString("code")).isEqualTo("WR-5008");
  }

  @Test
  void aSilentStoreIsSaidAndReplacedByMemory() {
    dashboard.peers.bus().announce(event("since the start"));
    Awaitility.await()
        .untilAsserted(() -> assertThat(dashboard.get(HISTORY).body()).contains("since the start"));

    assertThat(dashboard.get(HISTORY).json().getString("source")).isEqualTo("memory");
    assertThat(dashboard.get(HISTORY + "?service=orders").body()).contains("since the start");
    assertThat(dashboard.get(HISTORY + "?service=other").body()).doesNotContain("since");
    assertThat(dashboard.get("/?lang=en").body())
        .contains("since the start", "Only since the last start");
    assertThat(dashboard.get("/?lang=es").body()).contains("Solo desde el último arranque");
    TestingDashboard.Answer next = dashboard.get(HISTORY + "?before=4711");
    assertThat(next.status()).isEqualTo(503);
    assertThat(next.json().getString("code")).isEqualTo("WR-1901");
  }

  private static SystemEvent event(String message) {
    return new SystemEvent(
        Samples.NOW,
        Severity.WARNING,
        "runner.exited",
        Optional.of("orders"),
        Optional.of(1),
        message);
  }
}
