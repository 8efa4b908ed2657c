package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.CircuitBreaking;
import io.wasmrunner.proxy.RawConnection.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service that fails too often is left in peace for a while. */
final class CircuitTest {
  private static final CircuitBreaking SETTINGS =
      new CircuitBreaking(50, Duration.ofSeconds(10), 10, Duration.ofSeconds(7), 2);

  private final TestingTicker ticker = new TestingTicker();
  private final TestingProxy proxy = TestingProxy.start(ticker);
  private final AtomicInteger status = new AtomicInteger(500);

  @AfterEach
  void stop() {
    proxy.close();
  }

  private TestingRunner serve(TestingProxy in, String service) {
    TestingRunner runner =
        in.owned(
            TestingRunner.start(
                in.vertx(), request -> request.response().setStatusCode(status.get()).end()));
    Runners.serve(in, service, settings -> settings.withCircuitBreaker(SETTINGS), runner.port());
    return runner;
  }

  private static void fail(TestingProxy in, String path, int times) {
    RawClient client = in.connect();
    for (int i = 0; i < times; i++) {
      assertThat(client.get(path).status()).isEqualTo(500);
    }
  }

  @Test
  void itOpensTriesAgainAndCloses() {
    TestingRunner runner = serve(proxy, "circuit");
    fail(proxy, "/circuit", 10);
    RawClient client = proxy.connect();

    Message refused = client.get("/circuit");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).contains("7");
    JsonObject problem = new JsonObject(refused.text());
    assertThat(problem.getString("code")).isEqualTo("WR-3211");
    assertThat(problem.getInteger("retry_after_seconds")).isEqualTo(7);
    assertThat(runner.requests()).isEqualTo(10);

    ticker.pass(Duration.ofSeconds(3));
    assertThat(client.get("/circuit").header("Retry-After")).contains("4");

    ticker.pass(Duration.ofSeconds(4));
    assertThat(client.get("/circuit").status()).as("a probe").isEqualTo(500);
    assertThat(client.get("/circuit").status()).isEqualTo(503);

    ticker.pass(Duration.ofSeconds(7));
    status.set(200);
    assertThat(client.get("/circuit").status()).isEqualTo(200);
    assertThat(client.get("/circuit").status()).isEqualTo(200);
    assertThat(client.get("/circuit").status()).isEqualTo(200);
    await()
        .untilAsserted(
            () ->
                assertThat(Runners.events(proxy, "circuit"))
                    .isEqualTo(
                        List.of(
                            "circuit.opened",
                            "circuit.half_open",
                            "circuit.opened",
                            "circuit.half_open",
                            "circuit.closed")));
  }

  @Test
  void aProbeWhoseClientLeavesMakesRoomForAnother() throws Exception {
    AtomicInteger silent = new AtomicInteger();
    RawRunner runner =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  while (true) {
                    connection.readHead();
                    if (silent.get() == 0) {
                      connection.send("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
                    } else {
                      silent.incrementAndGet();
                    }
                  }
                }));
    Runners.serve(
        proxy, "wasted", settings -> settings.withCircuitBreaker(SETTINGS), runner.port());
    fail(proxy, "/wasted", 10);
    ticker.pass(Duration.ofSeconds(7));
    silent.set(1);
    for (int i = 1; i <= 2; i++) {
      RawClient leaver = proxy.connect();
      leaver.send("GET /wasted HTTP/1.1\r\nHost: x\r\n\r\n");
      int seen = i + 1;
      await().until(() -> silent.get() == seen);
      leaver.reset();
    }
    await().until(() -> proxy.runtime().requestsUnderWay("wasted", 0, 1) == 0);

    silent.set(0);
    status.set(200);
    assertThat(proxy.connect().get("/wasted").status()).isEqualTo(200);
    assertThat(proxy.connect().get("/wasted").status()).isEqualTo(200);
    await().until(() -> Runners.events(proxy, "wasted").contains("circuit.closed"));
  }

  @ParameterizedTest
  @EnumSource
  void bothForwardersHaveIt(ForwarderKind kind) {
    try (TestingProxy other = TestingProxy.start(options -> options.withForwarder(kind))) {
      TestingRunner runner = serve(other, "both");
      fail(other, "/both", 10);

      assertThat(other.connect().get("/both").text()).contains("WR-3211");
      assertThat(runner.requests()).isEqualTo(10);
    }
  }
}
