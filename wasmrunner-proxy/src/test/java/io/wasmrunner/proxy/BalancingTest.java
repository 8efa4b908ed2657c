package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.proxy.RawConnection.Message;
import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import io.wasmrunner.spi.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BalancingTest {
  private static final AtomicInteger CREATED = new AtomicInteger();
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  private static TestingProxy proxy;
  private static int[] ports;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start(options -> options.withEventLoops(2), new StrangePlugin());
    ports = new int[4];
    for (int i = 0; i < ports.length; i++) {
      ports[i] =
          proxy
              .owned(TestingRunner.start(proxy.vertx(), request -> request.response().end("ok")))
              .port();
    }
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  /** Strategies of a stranger, good and bad. */
  private static final class StrangePlugin implements Plugin {
    @Override
    public String name() {
      return "strange";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
      return List.of(
          strategy("last", (available, request) -> available.get(available.size() - 1)),
          strategy(
              "throws",
              (available, request) -> {
                throw new IllegalStateException("broken");
              }),
          strategy(
              "links",
              (available, request) -> {
                throw new NoClassDefFoundError("x/Y");
              }),
          strategy("nothing", (available, request) -> null),
          strategy("foreign", (available, request) -> new Foreign()),
          strategy(
              "looks",
              (available, request) -> {
                SEEN.add(
                    String.join(
                        " ",
                        request.method(),
                        request.path(),
                        request.header("x-session").orElse("none"),
                        request.clientAddress(),
                        available.stream().map(u -> u.id().toString()).toList().toString()));
                return available.get(0);
              }),
          new LoadBalancingStrategyFactory() {
            @Override
            public String name() {
              return "unmakeable";
            }

            @Override
            public LoadBalancingStrategy create(Map<String, Object> settings) {
              throw new IllegalArgumentException("no");
            }
          });
    }

    private static LoadBalancingStrategyFactory strategy(
        String name, LoadBalancingStrategy strategy) {
      return new LoadBalancingStrategyFactory() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public LoadBalancingStrategy create(Map<String, Object> settings) {
          CREATED.incrementAndGet();
          return strategy;
        }
      };
    }
  }

  private static final class Foreign implements Upstream {
    @Override
    public RunnerId id() {
      return new RunnerId("other", 0);
    }

    @Override
    public RunnerAddress address() {
      return new RunnerAddress("127.0.0.1", 1);
    }

    @Override
    public int activeRequests() {
      return 0;
    }
  }

  private static Route route(String service, String strategy, int runners) {
    return TestingRuntime.with(
        TestingRuntime.route(service, Arrays.copyOf(ports, runners)), PluginChoice.named(strategy));
  }

  private static List<Integer> indexes(String service, int requests) {
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      // A new connection each time, as curl does: event loops take turns.
      try (RawClient client = new RawClient(proxy.address())) {
        Message answer = client.get("/" + service);
        assertThat(answer.status()).isEqualTo(200);
        String runner = answer.header("X-Wasmrunner-Runner").orElseThrow();
        assertThat(runner).startsWith(service + "/");
        indexes.add(Integer.parseInt(runner.substring(service.length() + 1)));
      }
    }
    return indexes;
  }

  /* ---- round robin ---- */

  @Test
  void twoCallsAlternateWhateverEventLoopTakesThem() {
    proxy.runtime().serve(route("pair", "round_robin", 2));

    assertThat(indexes("pair", 8)).containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
  }

  @Test
  void theTurnGoesOnWhenRoutesChange() {
    proxy.runtime().serve(route("turn", "round_robin", 3));
    assertThat(indexes("turn", 2)).containsExactly(0, 1);

    proxy.runtime().serve(route("turn", "round_robin", 3));

    assertThat(indexes("turn", 2)).containsExactly(2, 0);
  }

  @Test
  void onlyAvailableRunnersTakePart() {
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.route("part"),
                TestingRuntime.upstream("part", 0, 1, ports[0], true),
                TestingRuntime.upstream("part", 1, 1, ports[1], false),
                TestingRuntime.upstream("part", 2, 1, ports[2], true)));

    assertThat(indexes("part", 4)).containsExactly(0, 2, 0, 2);
  }

  /* ---- by load ---- */

  @ParameterizedTest
  @ValueSource(strings = {"least_requests", "power_of_two"})
  void aBusyRunnerGetsNoMore(String strategy) throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    RawRunner busy =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  while (true) {
                    connection.readHead();
                    answer.await();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  }
                }));
    String service = "load-" + strategy;
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.with(TestingRuntime.route(service), PluginChoice.named(strategy)),
                TestingRuntime.upstream(service, 0, 1, busy.port(), true)));
    RawClient waiting = proxy.connect();
    waiting.send("GET /" + service + " HTTP/1.1\r\nHost: x\r\n\r\n");
    await().until(() -> busy.connections() == 1);
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.with(TestingRuntime.route(service), PluginChoice.named(strategy)),
                TestingRuntime.upstream(service, 0, 1, busy.port(), true),
                TestingRuntime.upstream(service, 1, 1, ports[1], true)));

    for (int i = 0; i < 10; i++) {
      // A client may have its answer before the proxy has counted the request as over.
      await().until(() -> proxy.runtime().requestsUnderWay(service, 1, 1) == 0);
      assertThat(indexes(service, 1)).containsOnly(1);
    }

    answer.countDown();
    assertThat(waiting.read().text()).isEqualTo("ok");
    await().untilAsserted(() -> assertThat(indexes(service, 4)).contains(0));
  }

  @Test
  void leastRequestsTakesTurnsAmongEquals() {
    proxy.runtime().serve(route("equals", "least_requests", 3));

    assertThat(indexes("equals", 6)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  /* ---- strangers ---- */

  @Test
  void aPluginsStrategyIsUsed() {
    proxy.runtime().serve(route("stranger", "last", 4));

    assertThat(indexes("stranger", 3)).containsOnly(3);
  }

  @Test
  void aStrategySeesTheRequestAndTheAvailableRunners() {
    proxy.runtime().serve(route("looked", "looks", 2));
    proxy.connect().call("DELETE /looked/a/b?q=1", "X-Session: s1");

    assertThat(SEEN).containsExactly("DELETE /a/b s1 127.0.0.1 [looked/0, looked/1]");
  }

  @Test
  void aStrategyIsMadeOncePerConfiguration() {
    int before = CREATED.get();
    proxy.runtime().serve(route("once", "last", 2));
    proxy.runtime().serve(route("once", "last", 3));
    assertThat(CREATED.get() - before).isEqualTo(1);

    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                route("once", "last", 3), new PluginChoice("last", Map.of("a", 1))));

    assertThat(CREATED.get() - before).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "links", "nothing", "foreign"})
  void aBrokenStrategyIsReplacedByRoundRobinAndToldOnce(String strategy) {
    String service = "broken-" + strategy;
    proxy.runtime().serve(route(service, strategy, 2));

    assertThat(indexes(service, 6)).containsExactly(0, 1, 0, 1, 0, 1);
    await()
        .untilAsserted(
            () ->
                assertThat(proxy.runtime().events())
                    .filteredOn(event -> event.service().orElse("").equals(service))
                    .singleElement()
                    .satisfies(
                        event -> {
                          assertThat(event.kind()).isEqualTo("load_balancing.failed");
                          assertThat(event.severity()).isEqualTo(Severity.ERROR);
                          assertThat(event.message()).contains(strategy, "WR-3401");
                        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unmakeable", "not-there"})
  void aStrategyThatCannotBeHadIsReplacedByRoundRobin(String strategy) {
    String service = "without-" + strategy;
    proxy.runtime().serve(route(service, strategy, 2));

    assertThat(indexes(service, 4)).containsExactly(0, 1, 0, 1);
  }

  @Test
  void aStrategyIsToldHowRequestsEnd() {
    // Through the door a strategy is only a name; here the guard around it is enough.
    List<String> told = new ArrayList<>();
    LoadBalancingStrategy listening =
        new LoadBalancingStrategy() {
          @Override
          public Upstream choose(List<Upstream> available, BalancedRequest request) {
            return available.get(0);
          }

          @Override
          public void completed(Upstream upstream, Duration latency, boolean failed) {
            told.add(upstream.id() + " " + latency.toMillis() + " " + failed);
            throw new IllegalStateException("must not matter");
          }
        };
    Balancer balancer =
        new Balancer("s", "listening", listening, proxy.runtime().bus(), Clock.systemUTC());

    balancer.completed(
        new LiveUpstream(TestingRuntime.upstream("s", 0, 1, 1, true), 1, System::nanoTime),
        5_000_000,
        true);

    assertThat(told).containsExactly("s/0 5 true");
  }
}
