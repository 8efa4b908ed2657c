package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bounds on what clients may hold. */
final class EdgeLimitsTest {
  @Test
  void connectionsAreBoundedAndFreedOnesCanBeUsedAgain() {
    try (TestingProxy proxy =
        TestingProxy.start(
            options -> options.withEdge(EdgeOptions.DEFAULT.withMaxConnections(3)))) {
      List<RawClient> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = proxy.connect();
        assertThat(client.get("/health").status()).isEqualTo(200);
        held.add(client);
      }

      assertThat(isTurnedAway(proxy)).isTrue();
      await()
          .untilAsserted(
              () ->
                  assertThat(proxy.runtime().events())
                      .anyMatch(
                          e ->
                              e.message().startsWith("WR-3110")
                                  && e.message().contains("server.max_connections")));
      assertThat(held.get(2).get("/health").status()).isEqualTo(200);

      held.get(0).close();
      await().until(() -> !isTurnedAway(proxy));
    }
  }

  private static boolean isTurnedAway(TestingProxy proxy) {
    try (RawClient client = new RawClient(proxy.address())) {
      client.sendHead("GET /health HTTP/1.1", "Host: a");
      return client.readByte() < 0;
    } catch (IOException | java.io.UncheckedIOException reset) {
      return true;
    }
  }

  @Test
  void aHeadThatTricklesInIsGivenUp() throws Exception {
    TestingTicker ticker = new TestingTicker();
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      RawClient first = proxy.connect();
      RawClient second = proxy.connect();
      assertThat(second.get("/health").status()).isEqualTo(200);
      first.send("GET /health HTTP/1.1\r\nHost: a\r\n");
      second.send("GET /health HTTP/1.1\r\nHost: a\r\n");
      await().until(() -> proxy.proxy().clientConnections() == 2);
      for (int i = 0; i < 12 && proxy.proxy().clientConnections() > 0; i++) {
        try {
          first.send("X-" + i + ": 1\r\n");
          second.send("X-" + i + ": 1\r\n");
        } catch (IOException closed) {
          break;
        }
        ticker.pass(Duration.ofSeconds(10));
      }

      await().until(() -> proxy.proxy().clientConnections() == 0);
    }
  }

  @Test
  void aBodyThatTricklesInIsGivenUp() throws Exception {
    TestingTicker ticker = new TestingTicker();
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      CountDownLatch came = new CountDownLatch(1);
      CountDownLatch left = new CountDownLatch(1);
      proxy.rawRunner(
          "slow",
          (connection, number) -> {
            connection.readHead();
            connection.readByte();
            came.countDown();
            while (connection.readByte() >= 0) {}
            left.countDown();
          });
      RawClient client = proxy.connect();
      client.sendHead("POST /slow HTTP/1.1", "Host: a", "Content-Length: 100000").send("x");
      came.await();
      Message answer = null;
      for (int i = 0; i < 20 && answer == null; i++) {
        client.send("x"); // Never quiet for long.
        ticker.pass(Duration.ofSeconds(1));
        client.socket().setSoTimeout(50);
        try {
          answer = client.read();
        } catch (java.net.SocketTimeoutException notYet) {
          // Another second.
        }
      }

      assertThat(answer).isNotNull();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.text()).contains("WR-3307", "240 bytes a second", "server.min_body_rate");
      assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aRunnerThatTakesNothingIsNotTheClientsFault() throws Exception {
    TestingTicker ticker = new TestingTicker();
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      CountDownLatch go = new CountDownLatch(1);
      proxy.rawRunner(
          "later",
          (connection, number) -> {
            connection.readHead();
            go.await();
            connection.readFully(20_000_000);
            connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
          });
      RawClient client = proxy.connect();
      client.sendHead("POST /later HTTP/1.1", "Host: a", "Content-Length: 20000000");
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.send(new byte[20_000_000]);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      sender.start();
      await().until(() -> sender.getState() == Thread.State.RUNNABLE);
      for (int i = 0; i < 15; i++) {
        ticker.pass(Duration.ofSeconds(1));
      }
      go.countDown();

      assertThat(client.read().status()).isEqualTo(200);
      sender.join();
    }
  }

  /* ---- HTTP/2 ---- */

  @Test
  void linesAndHeadersOfHttp2AreBoundedAsInHttp1() throws Exception {
    try (TestingProxy proxy = TestingProxy.start(options -> options.withLimits(limits(256, 20)))) {
      proxy.runner("echo", request -> request.response().end("echo"));

      assertThat(status(proxy, "/echo/" + "x".repeat(110))).isEqualTo("200");
      assertThat(status(proxy, "/echo?" + "x".repeat(110), cookies(100))).isEqualTo("200");
      assertThat(status(proxy, "/echo", fields(15))).isEqualTo("200");
      assertThat(status(proxy, "/echo", fields(30))).isEqualTo("431");
      assertThat(status(proxy, "/echo/" + "x".repeat(300))).isEqualTo("414");
    }
  }

  private static ProxyLimits limits(int line, int fields) {
    ProxyLimits usual = ProxyLimits.DEFAULT;
    return new ProxyLimits(
        usual.connectionsPerRunner(),
        usual.waitingPerRunner(),
        usual.maxHeaderBytes(),
        fields,
        line,
        usual.clientIdle(),
        usual.runnerIdle(),
        usual.endpointNames(),
        ProxyLimits.DEFAULT.heldBodyBytes());
  }

  private static String[] fields(int count) {
    String[] fields = new String[2 * count];
    for (int i = 0; i < count; i++) {
      fields[2 * i] = "x-" + i;
      fields[2 * i + 1] = "v";
    }
    return fields;
  }

  private static String[] cookies(int count) {
    String[] fields = new String[2 * count];
    for (int i = 0; i < count; i++) {
      fields[2 * i] = "cookie";
      fields[2 * i + 1] = "c" + i + "=v";
    }
    return fields;
  }

  private static String status(TestingProxy proxy, String path, String... more) throws Exception {
    try (RawHttp2Client client =
        new RawHttp2Client(new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
      client.request(1, true, RawHttp2Client.get(path, more));
      return String.valueOf(client.headers(client.read()).status());
    }
  }
}
