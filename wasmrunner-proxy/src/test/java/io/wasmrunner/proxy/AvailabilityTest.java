package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.proxy.RawConnection.Message;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import io.wasmrunner.spi.PluginCatalog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** When there is nobody to answer, or too many ask. */
final class AvailabilityTest {
  private static void assertProblem(Message message, int status, String code) {
    assertThat(message.status()).as(message.text()).isEqualTo(status);
    assertThat(new JsonObject(message.text()).getString("code")).isEqualTo(code);
  }

  @Test
  void withoutAnAvailableRunnerItIsA503() {
    try (TestingProxy proxy = TestingProxy.start()) {
      TestingRunner runner = proxy.runner("down", request -> request.response().end());
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  TestingRuntime.route("down"),
                  TestingRuntime.upstream("down", 0, 1, runner.port(), false)),
              TestingRuntime.route("none"));

      for (String path : List.of("/down", "/none/x")) {
        Message answer = proxy.connect().get(path);

        assertProblem(answer, 503, "WR-3201");
        assertThat(Integer.parseInt(answer.header("Retry-After").orElseThrow())).isPositive();
      }
      assertThat(runner.requests()).isZero();
    }
  }

  @Test
  void untilTheRuntimeIsThereItIsA503AndThenItServes() {
    Vertx vertx = Vertx.vertx();
    try {
      Proxy proxy =
          TestingProxy.await(
              Proxy.start(
                  vertx,
                  ProxyOptions.defaults().withPort(0),
                  PluginCatalog.of(List.of(new ProxyPlugin())),
                  request -> request.response().end("management")));
      TestingRunner runner = TestingRunner.start(vertx, request -> request.response().end("ok"));
      try (RawClient client = client(proxy)) {
        assertProblem(client.get("/late"), 503, "WR-3203");
        assertThat(client.get("/health").text()).isEqualTo("management");

        // No event is ever published: the proxy has to ask.
        var unused = new TestingRuntime(vertx, TestingRuntime.route("late", runner.port()));

        await().untilAsserted(() -> assertThat(client.get("/late").text()).isEqualTo("ok"));
      }
    } finally {
      TestingProxy.await(vertx.close());
    }
  }

  private static RawClient client(Proxy proxy) {
    return new RawClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.entryPoint().getPort()));
  }

  @Test
  void aServiceMayCallOthersAndItselfThroughTheEntryPoint() {
    try (TestingProxy proxy = TestingProxy.start(options -> options.withEventLoops(1))) {
      HttpClientAgent guest = proxy.vertx().createHttpClient();
      int port = proxy.proxy().entryPoint().getPort();
      proxy.runner("leaf", request -> request.response().end("leaf"));
      proxy.runner(
          "caller",
          request -> {
            String next = request.path().equals("/deep") ? "/caller" : "/leaf";
            guest
                .request(HttpMethod.GET, port, "127.0.0.1", next)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .onComplete(
                    body -> request.response().end("caller " + body),
                    failure -> request.response().setStatusCode(500).end());
          });

      assertThat(proxy.connect().get("/caller/deep").text()).isEqualTo("caller caller leaf");
    }
  }

  @Test
  void moreRequestsThanARunnerMayHaveAreRefusedAtOnceAndTheOthersServed() throws Exception {
    ProxyLimits limits = limits(2, 3);
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withEventLoops(1).withLimits(limits))) {
      CountDownLatch answer = new CountDownLatch(1);
      RawRunner runner =
          proxy.owned(
              RawRunner.start(
                  (connection, number) -> {
                    while (true) {
                      connection.readHead();
                      answer.await();
                      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                  }));
      Duration patience = Duration.ofSeconds(15);
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  TestingRuntime.route("busy", runner.port()),
                  new Timeouts(patience, patience, patience, Duration.ZERO)));
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        RawClient client = proxy.connect();
        client.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
        clients.add(client);
      }

      // Five are under way; which connection is read first is up to the event loop.
      await()
          .untilAsserted(
              () -> {
                Message refused = proxy.connect().get("/busy");
                assertProblem(refused, 503, "WR-3202");
                assertThat(refused.header("Retry-After")).isPresent();
              });

      answer.countDown();
      for (RawClient client : clients) {
        assertThat(client.read().text()).isEqualTo("ok");
      }
      assertThat(runner.connections()).isEqualTo(2);
      assertThat(proxy.connect().get("/busy").text()).isEqualTo("ok");
    }
  }

  @Test
  void whoWaitsForAConnectionDoesNotGetWhatNobodyAskedFor() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withEventLoops(1).withLimits(limits(1, 5)))) {
      String head = "HTTP/1.1 200 OK\r\nContent-Length: ";
      CountDownLatch waiting = new CountDownLatch(1);
      proxy.rawRunner(
          "chatty",
          (connection, number) -> {
            connection.readHead();
            if (number == 0) {
              waiting.await();
              connection.send(head + "5\r\n\r\nfirst" + head + "7\r\n\r\nunasked");
            } else {
              connection.send(head + "6\r\n\r\nsecond");
            }
            connection.readByte();
          });
      RawClient first = proxy.connect();
      first.sendHead("GET /chatty HTTP/1.1", "Host: x");
      await().until(() -> proxy.runtime().requestsUnderWay("chatty", 0, 1) == 1);
      RawClient second = proxy.connect();
      second.sendHead("GET /chatty HTTP/1.1", "Host: x");
      await().until(() -> proxy.runtime().requestsUnderWay("chatty", 0, 1) == 2);
      waiting.countDown();

      assertThat(first.read().text()).isEqualTo("first");
      assertThat(second.read().text()).isEqualTo("second");
    }
  }

  @Test
  void halfAHeadThatNobodyAskedForIsNotTheBeginningOfTheNextAnswer() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withEventLoops(1).withLimits(limits(1, 5)))) {
      String ok = "HTTP/1.1 200 OK\r\n";
      proxy.rawRunner(
          "chatty",
          (connection, number) -> {
            connection.readHead();
            connection.send(
                ok + "Content-Length: 2\r\n\r\nok" + (number == 0 ? ok + "X-Evil: 1\r\nX: " : ""));
            connection.readHead();
            connection.send(ok + "Content-Length: 5\r\n\r\nthird");
            connection.readByte();
          });
      RawClient first = proxy.connect();
      first.sendHead("GET /chatty HTTP/1.1", "Host: x");
      assertThat(first.read().text()).isEqualTo("ok");
      await().until(() -> proxy.runtime().requestsUnderWay("chatty", 0, 1) == 0);

      first.sendHead("GET /chatty HTTP/1.1", "Host: x");
      Message next = first.read();
      assertThat(next.text()).isIn("ok", "third");
      assertThat(next.all("X-Evil")).isEmpty();
    }
  }

  @Test
  void whoWaitsTooLongForAFreeConnectionIsToldThatTheRunnersAreBusy() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withEventLoops(1).withLimits(limits(1, 5)))) {
      RawRunner runner =
          proxy.owned(
              RawRunner.start(
                  (connection, number) -> {
                    connection.readHead();
                    connection.readByte();
                  }));
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  TestingRuntime.route("stuck", runner.port()),
                  new Timeouts(
                      Duration.ofMillis(300),
                      Duration.ofMinutes(1),
                      Duration.ofMinutes(1),
                      Duration.ZERO)));
      proxy.connect().send("GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> runner.connections() == 1);

      assertProblem(proxy.connect().get("/stuck"), 503, "WR-3202");
      assertThat(proxy.runtime().suspected()).isEmpty();
    }
  }

  @Test
  void aFullRunnerDoesNotStopTheOthers() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withEventLoops(1).withLimits(limits(1, 0)))) {
      RawRunner stuck =
          proxy.owned(
              RawRunner.start(
                  (connection, number) -> {
                    connection.readHead();
                    connection.readByte();
                  }));
      TestingRunner free =
          proxy.owned(TestingRunner.start(proxy.vertx(), request -> request.response().end("ok")));
      proxy.runtime().serve(TestingRuntime.route("mixed", stuck.port(), free.port()));
      proxy.connect().send("GET /mixed HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> stuck.connections() == 1);

      for (int i = 0; i < 6; i++) {
        assertThat(proxy.connect().get("/mixed").text()).isEqualTo("ok");
      }
    }
  }

  @Test
  void strategiesAreNotShownFullRunners() throws Exception {
    List<List<String>> shown = new CopyOnWriteArrayList<>();
    Plugin looking = new LookingPlugin(shown);
    try (TestingProxy proxy =
        TestingProxy.start(
            options -> options.withEventLoops(1).withLimits(limits(1, 0)), looking)) {
      RawRunner stuck =
          proxy.owned(
              RawRunner.start(
                  (connection, number) -> {
                    connection.readHead();
                    connection.readByte();
                  }));
      TestingRunner free =
          proxy.owned(TestingRunner.start(proxy.vertx(), request -> request.response().end("ok")));
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  TestingRuntime.route("shown", stuck.port(), free.port()),
                  PluginChoice.named("looking")));
      proxy.connect().send("GET /shown HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> stuck.connections() == 1);

      assertThat(proxy.connect().get("/shown").text()).isEqualTo("ok");

      assertThat(shown).containsExactly(List.of("shown/0", "shown/1"), List.of("shown/1"));
    }
  }

  private record LookingPlugin(List<List<String>> shown) implements Plugin {
    @Override
    public String name() {
      return "looking";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
      return List.of(
          new LoadBalancingStrategyFactory() {
            @Override
            public String name() {
              return "looking";
            }

            @Override
            public LoadBalancingStrategy create(Map<String, Object> settings) {
              return (available, request) -> {
                shown.add(available.stream().map(upstream -> upstream.id().toString()).toList());
                return available.get(0);
              };
            }
          });
    }
  }

  @Test
  void eachEventLoopKeepsToItsShare() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withEventLoops(2).withLimits(limits(4, 0)))) {
      RawRunner stuck =
          proxy.rawRunner(
              "share",
              (connection, number) -> {
                connection.readHead();
                connection.readByte();
              });
      // Connections go to the two event loops in turn: three of these share one.
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(proxy.connect());
      }
      for (int i = 0; i < 3; i += 2) {
        clients.get(i).send("GET /share HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      await().until(() -> stuck.connections() == 2);

      assertProblem(clients.get(4).get("/share"), 503, "WR-3202");
    }
  }

  private static ProxyLimits limits(int connections, int waiting) {
    ProxyLimits defaults = ProxyLimits.DEFAULT;
    return new ProxyLimits(
        connections,
        waiting,
        defaults.maxHeaderBytes(),
        defaults.maxHeaderFields(),
        defaults.maxLineBytes(),
        defaults.clientIdle(),
        defaults.runnerIdle(),
        defaults.endpointNames(),
        ProxyLimits.DEFAULT.heldBodyBytes());
  }

  /* ---- Waiting for a runner ---- */

  private static Timeouts waiting(Duration runner) {
    Timeouts usual = Timeouts.DEFAULT;
    return new Timeouts(usual.connect(), usual.firstByte(), usual.idle(), usual.total(), runner);
  }

  @Test
  void aRequestWaitsForARunnerWhenItMay() throws Exception {
    try (TestingProxy proxy = TestingProxy.start(options -> options);
        RawRunner runner =
            RawRunner.start(
                (connection, number) -> {
                  connection.readHead();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                })) {
      Route down =
          TestingRuntime.with(
              TestingRuntime.with(
                  TestingRuntime.route("waits", runner.port()), waiting(Duration.ofSeconds(30))),
              TestingRuntime.upstream("waits", 0, 1, runner.port(), false));
      proxy.runtime().serve(down);
      RawClient client = proxy.connect();
      client.send("GET /waits HTTP/1.1\r\nHost: x\r\n\r\n");

      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  down, TestingRuntime.upstream("waits", 0, 2, runner.port(), true)));

      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void aRequestThatHasWaitedInVainIsRefused() throws Exception {
    try (TestingProxy proxy = TestingProxy.start(options -> options)) {
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  TestingRuntime.with(
                      TestingRuntime.route("vain", 1), waiting(Duration.ofMillis(300))),
                  TestingRuntime.upstream("vain", 0, 1, 1, false)));
      assertProblem(proxy.connect().get("/vain"), 503, "WR-3201");
    }
  }
}
