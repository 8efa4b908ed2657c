package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SecurityEventsTest {
  private final TestingTicker ticker = new TestingTicker();
  private final TestingProxy proxy = TestingProxy.start(ticker);

  @AfterEach
  void stop() {
    proxy.close();
  }

  private void send(String request) throws Exception {
    try (RawClient client = new RawClient(proxy.address())) {
      client.send(request);
      assertThat(client.read().status()).isEqualTo(400);
    }
  }

  private Map<String, Long> counts() {
    return TestingProxy.await(
            proxy
                .runtime()
                .bus()
                .request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class))
        .refused();
  }

  private List<SystemEvent> events() {
    return proxy.runtime().events().stream()
        .filter(event -> event.kind().equals("request.refused"))
        .toList();
  }

  @Test
  void eachReasonIsCountedAndToldOnceAMinute() throws Exception {
    for (int i = 0; i < 5; i++) {
      send("GET / HTTP/1.1\r\n\r\n");
    }
    send("GET /../x HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(counts()).isEqualTo(Map.of("host", 5L, "path", 1L));
    Awaitility.await().until(() -> events().size() == 2);
    assertThat(events())
        .allMatch(event -> event.severity() == Severity.WARNING)
        .anyMatch(
            e -> e.message().startsWith("WR-3103: a request from 127.0.0.1 was refused: the Host"))
        .anyMatch(
            e -> e.message().startsWith("WR-3102: a request from 127.0.0.1 was refused: the path"));

    ticker.pass(Duration.ofMinutes(1));
    send("GET / HTTP/1.1\r\n\r\n");

    Awaitility.await().until(() -> events().size() == 3);
    assertThat(events().get(2).message()).endsWith("(5 such requests since the last report)");
  }

  /** Whatever the sender writes, none of it gets into what operators read. */
  @Test
  void nothingOfTheRequestIsTold() throws Exception {
    send("GET /../secret HTTP/1.1\r\nHost: a\r\n\r\n");
    send("GET / HTTP/1.1\r\nHost: <secret>\r\n\r\n");

    Awaitility.await().until(() -> events().size() == 2);
    assertThat(events()).noneMatch(event -> event.message().contains("secret"));
  }
}
