package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.RawConnection.Message;
import io.wasmrunner.spi.PluginCatalog;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class StartAndCloseTest {
  private static Future<Proxy> start(Vertx vertx, ProxyOptions options) {
    return Proxy.start(
        vertx,
        options,
        PluginCatalog.of(List.of(new ProxyPlugin())),
        request -> request.response().end());
  }

  private static void assertFails(ProxyOptions options, String code, String... words) {
    Vertx vertx = Vertx.vertx();
    try {
      assertThatThrownBy(() -> TestingProxy.await(start(vertx, options)))
          .asInstanceOf(InstanceOfAssertFactories.type(WasmrunnerException.class))
          .satisfies(
              failure -> {
                assertThat(failure.code()).isEqualTo(code);
                assertThat(failure.explain()).contains(words);
              });
      assertThat(vertx.deploymentIDs()).isEmpty();
    } finally {
      TestingProxy.await(vertx.close());
    }
  }

  /* ---- start ---- */

  @Test
  void aTakenPortIsToldWithItsOwner() throws Exception {
    try (ServerSocket owner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFails(
          ProxyOptions.defaults().withPort(owner.getLocalPort()).withEventLoops(2),
          "WR-3001",
          "port " + owner.getLocalPort(),
          "java (process " + ProcessHandle.current().pid() + ")",
          "--port");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsToldSo() {
    assertFails(
        ProxyOptions.defaults().withHost("192.0.2.1").withPort(0),
        "WR-3003",
        "192.0.2.1",
        "--host");
  }

  @Test
  void aHostThatDoesNotExistIsToldSo() {
    assertFails(
        ProxyOptions.defaults().withHost("no.such.host.invalid").withPort(0),
        "WR-3003",
        "no.such.host.invalid");
  }

  @Test
  void manyEventLoopsShareThePorts() {
    try (TestingProxy proxy = TestingProxy.start(options -> options.withEventLoops(4))) {
      proxy.runner("hello", request -> request.response().end("ok"));
      for (int i = 0; i < 12; i++) {
        assertThat(proxy.connect().get("/hello").text()).isEqualTo("ok");
      }
      URI entry = proxy.proxy().entryPoint();
      assertThat(entry.getHost()).isEqualTo("127.0.0.1");
      assertThat(entry.getPort()).isPositive().isNotEqualTo(proxy.proxy().innerBase().getPort());
    }
  }

  @Test
  void twoProxiesInOneProcessDoNotMeet() {
    try (TestingProxy one = TestingProxy.start();
        TestingProxy two = TestingProxy.start()) {
      one.runner("one", request -> request.response().end("one"));

      assertThat(one.proxy().entryPoint()).isNotEqualTo(two.proxy().entryPoint());
      assertThat(one.connect().get("/one").status()).isEqualTo(200);
      assertThat(two.connect().get("/one").status()).isNotEqualTo(200);
      assertThat(one.proxy().innerToken()).isNotEqualTo(two.proxy().innerToken());
    }
  }

  /* ---- inner listener ---- */

  @Test
  void theInnerListenerServesServicesToThoseWhoKnowTheToken() {
    try (TestingProxy proxy = TestingProxy.start()) {
      proxy.runner(
          "hello",
          request -> request.response().end(request.uri() + request.getHeader("WR-Inner-Token")));
      String token = "WR-Inner-Token: " + proxy.proxy().innerToken();

      Message answer = inner(proxy).get("/hello/x?y", token);

      assertThat(answer.text()).isEqualTo("/x?ynull");
      assertThat(answer.header("X-Wasmrunner-Runner")).contains("hello/0");
    }
  }

  @Test
  void theInnerListenerRefusesEverybodyElse() {
    try (TestingProxy proxy = TestingProxy.start()) {
      TestingRunner runner = proxy.runner("hello", request -> request.response().end());
      String token = proxy.proxy().innerToken();
      assertThat(token).hasSizeGreaterThan(30);
      for (String given :
          List.of(
              "X: 1",
              "WR-Inner-Token: wrong",
              "WR-Inner-Token:",
              "WR-Inner-Token: " + token.substring(1),
              "WR-Inner-Token: " + token + "x")) {
        Message answer = inner(proxy).get("/hello", given);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("WR-3107").doesNotContain(token);
      }
      assertThat(runner.requests()).isZero();
    }
  }

  @Test
  void theInnerListenerReservesNothing() {
    try (TestingProxy proxy = TestingProxy.start()) {
      proxy.runner("hello", request -> request.response().end());
      String token = "WR-Inner-Token: " + proxy.proxy().innerToken();
      for (String path : List.of("/", "/health", "/__runner__/stats")) {
        Message answer = inner(proxy).get(path, token);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("WR-3101");
      }
    }
  }

  private static RawClient inner(TestingProxy proxy) {
    return proxy.owned(
        new RawClient(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), proxy.proxy().innerBase().getPort())));
  }

  /* ---- close ---- */

  @Test
  void requestsUnderWayEndBeforeTheProxyDoes() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withDrainTimeout(Duration.ofSeconds(15)))) {
      proxy.rawRunner(
          "slow",
          (connection, number) -> {
            connection.readHead();
            arrived.countDown();
            answer.await();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            connection.send("whole");
          });
      RawClient client = proxy.connect();
      RawClient idle = proxy.connect();
      assertThat(idle.get("/health").status()).isEqualTo(200);
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

      Future<Void> closed = proxy.proxy().close();

      // Nobody new gets in, who waits is let go, who is served is not.
      await()
          .untilAsserted(
              () -> assertThatThrownBy(proxy::connect).hasCauseInstanceOf(ConnectException.class));
      assertThat(idle.readByte()).isEqualTo(-1);
      assertThat(closed.isComplete()).isFalse();
      answer.countDown();
      Message whole = client.read();
      assertThat(whole.text()).isEqualTo("whole");
      assertThat(whole.all("Connection")).containsExactly("close");
      assertThat(client.readByte()).isEqualTo(-1);
      TestingProxy.await(closed);
      TestingProxy.await(proxy.proxy().close());
    }
  }

  @Test
  void aRequestThatDoesNotEndIsCutOffAfterTheDrainTimeout() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withDrainTimeout(Duration.ofMillis(300)))) {
      proxy.rawRunner(
          "never",
          (connection, number) -> {
            connection.readHead();
            arrived.countDown();
            connection.readByte();
          });
      RawClient client = proxy.connect();
      client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

      TestingProxy.await(proxy.proxy().close());

      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void eventStreamsAndWebSocketsDoNotHoldUpTheEnd() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withDrainTimeout(Duration.ofMinutes(5)))) {
      proxy.rawRunner(
          "streams",
          (connection, number) -> {
            if (connection.readHead().header("Upgrade").isPresent()) {
              connection.sendHead(
                  "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade");
            } else {
              connection.sendHead(
                  "HTTP/1.1 200 OK",
                  "Content-Type: text/event-stream",
                  "Transfer-Encoding: chunked");
            }
            connection.readByte();
          });
      RawClient events = proxy.connect();
      events.send("GET /streams HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(events.readHead().status()).isEqualTo(200);
      RawClient socket = proxy.connect();
      socket.send(
          "GET /streams HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
      assertThat(socket.readHead().status()).isEqualTo(101);

      TestingProxy.await(proxy.proxy().close());

      assertThat(events.readRest()).asString().isEqualTo("0\r\n\r\n");
      assertThat(socket.readFully(4)).containsExactly(0x88, 2, 0x03, 0xe9); // Close, going away
      assertThat(socket.readByte()).isEqualTo(-1);
    }
  }

  /* ---- limits of clients ---- */

  private static TestingProxy small() {
    return small(2);
  }

  private static TestingProxy small(int eventLoops) {
    ProxyLimits limits =
        new ProxyLimits(
            16,
            16,
            2048,
            64,
            512,
            Duration.ofMillis(600),
            ProxyLimits.DEFAULT.runnerIdle(),
            10,
            ProxyLimits.DEFAULT.heldBodyBytes());
    return TestingProxy.start(options -> options.withLimits(limits).withEventLoops(eventLoops));
  }

  @Test
  void aRequestLineThatIsTooLongIsA414() {
    try (TestingProxy proxy = small()) {
      Message answer = proxy.connect().get("/" + "x".repeat(600));

      assertThat(answer.status()).isEqualTo(414);
      assertThat(answer.text()).contains("WR-3104", "512");
    }
  }

  @Test
  void aHeaderThatIsTooLargeIsA431() throws Exception {
    try (TestingProxy proxy = small()) {
      RawClient client = proxy.connect();

      Message answer = client.get("/x", "X: " + "x".repeat(3000));

      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.text()).contains("WR-3105", "2048");
      assertThat(answer.all("Connection")).containsExactly("close");
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void whatIsNotHttpIsA400() throws Exception {
    try (TestingProxy proxy = small()) {
      for (String garbage :
          List.of(
              "garbage\r\n\r\n",
              "GET\r\n\r\n",
              "GET /x HTTP/1.1\r\nno colon\r\n\r\n",
              "POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n",
              "POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")) {
        RawClient client = proxy.connect();
        client.send(garbage);

        Message answer = client.read();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("WR-3103");
      }
    }
  }

  @Test
  void clientsThatKeepAConnectionForNothingLoseIt() throws Exception {
    try (TestingProxy proxy = small()) {
      RawClient silent = proxy.connect();
      RawClient dripping = proxy.connect();
      dripping.send("GET /health HTTP/1.1\r\nHost: x\r\nX-Slow");
      RawClient used = proxy.connect();
      assertThat(used.get("/health").status()).isEqualTo(200);

      assertThat(silent.readByte()).isEqualTo(-1);
      assertThat(dripping.readByte()).isEqualTo(-1);
      assertThat(used.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void aConnectionInUseIsNotIdleBetweenTwoRequests() throws Exception {
    TestingTicker ticker = new TestingTicker();
    Duration step = ProxyLimits.DEFAULT.clientIdle().multipliedBy(2).dividedBy(3);
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      RawClient used = proxy.connect();
      RawClient idle = proxy.connect();
      assertThat(idle.get("/health").status()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        assertThat(used.get("/health").status()).isEqualTo(200);
        ticker.pass(step);
      }

      assertThat(idle.readByte()).isEqualTo(-1);
      assertThat(used.get("/health").status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswersLosesItsConnection() throws Exception {
    // The answer repeats it twice, so that what the system buffers is soon full.
    String request = "GET /health?" + "x".repeat(7000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    ProxyLimits limits =
        new ProxyLimits(
            16,
            16,
            32_768,
            64,
            8_192,
            Duration.ofMillis(600),
            ProxyLimits.DEFAULT.runnerIdle(),
            10,
            ProxyLimits.DEFAULT.heldBodyBytes());
    CountDownLatch lost = new CountDownLatch(1);
    try (TestingProxy proxy = TestingProxy.start(options -> options.withLimits(limits))) {
      RawClient client = proxy.connect();
      Thread asking =
          new Thread(
              () -> {
                try {
                  while (true) {
                    client.send(request);
                  }
                } catch (IOException e) {
                  lost.countDown();
                }
              });
      asking.setDaemon(true);
      asking.start();

      assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aRequestUnderWayIsNotIdle() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (TestingProxy proxy = small(1)) {
      RawRunner runner =
          proxy.rawRunner(
              "slow",
              (connection, number) -> {
                connection.readHead();
                answer.await();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              });
      RawClient client = proxy.connect();
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> runner.connections() == 1);
      RawClient idle = proxy.connect();
      // Longer than a client may be idle: this one, which came later, is already out.
      assertThat(idle.readByte()).isEqualTo(-1);
      answer.countDown();

      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void connectionsToRunnersAreClosedWhenUnused() throws Exception {
    ProxyLimits limits =
        new ProxyLimits(
            16,
            16,
            2048,
            64,
            512,
            Duration.ofMinutes(1),
            Duration.ofMillis(300),
            10,
            ProxyLimits.DEFAULT.heldBodyBytes());
    CountDownLatch closed = new CountDownLatch(1);
    try (TestingProxy proxy = TestingProxy.start(options -> options.withLimits(limits))) {
      proxy.rawRunner(
          "unused",
          (connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            if (connection.readByte() < 0) {
              closed.countDown();
            }
          });
      assertThat(proxy.connect().get("/unused").status()).isEqualTo(200);

      assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aFaultOfTheManagementHandlerIsA500() {
    Vertx vertx = Vertx.vertx();
    try {
      Proxy proxy =
          TestingProxy.await(
              Proxy.start(
                  vertx,
                  ProxyOptions.defaults().withPort(0),
                  PluginCatalog.of(List.of(new ProxyPlugin())),
                  StartAndCloseTest::fail));
      try (RawClient client =
          new RawClient(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), proxy.entryPoint().getPort()))) {
        Message answer = client.get("/");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).contains("WR-3308").doesNotContain("secret");
      }
    } finally {
      TestingProxy.await(vertx.close());
    }
  }

  private static void fail(HttpServerRequest request) {
    throw new IllegalStateException("secret");
  }
}
