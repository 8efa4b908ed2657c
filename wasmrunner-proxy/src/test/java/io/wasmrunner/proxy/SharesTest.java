package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Resilience;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.proxy.RawConnection.Message;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights, slow start, keys and cookies, as clients see them. */
final class SharesTest {
  private static final TestingTicker TICKER = new TestingTicker();
  private static TestingProxy proxy;
  private static int[] ports;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start(TICKER, new FirstPlugin());
    ports = runners(proxy, 3);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static int[] runners(TestingProxy in, int count) {
    int[] made = new int[count];
    for (int i = 0; i < count; i++) {
      made[i] =
          in.owned(TestingRunner.start(in.vertx(), request -> request.response().end())).port();
    }
    return made;
  }

  /** A strategy that knows nothing of weights: always the first that it is shown. */
  private static final class FirstPlugin implements Plugin {
    @Override
    public String name() {
      return "first";
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
              return "first";
            }

            @Override
            public LoadBalancingStrategy create(Map<String, Object> settings) {
              return (available, request) -> available.get(0);
            }
          });
    }
  }

  private static Route route(String service, PluginChoice strategy, Resilience resilience) {
    Route route = TestingRuntime.route(service, ports);
    return TestingRuntime.with(
        route, TrafficSettings.DEFAULT.withLoadBalancing(strategy).withResilience(resilience));
  }

  @Test
  void weightsAreByIndex() {
    proxy
        .runtime()
        .serve(
            route(
                "weights",
                PluginChoice.named("round_robin"),
                Resilience.DEFAULT.withWeights(List.of(4, 1))));

    Map<Integer, Integer> shares = Runners.shares(proxy, "/weights", 120);
    assertThat(shares.get(0)).isBetween(77, 83);
    assertThat(shares.get(1)).isBetween(17, 23);
    assertThat(shares.get(2)).isBetween(17, 23);
  }

  @Test
  void weightsHoldForAPluginThatKnowsNothingOfThem() {
    proxy
        .runtime()
        .serve(
            route(
                "plugin",
                PluginChoice.named("first"),
                Resilience.DEFAULT.withWeights(List.of(1, 4, 4))));

    assertThat(Runners.shares(proxy, "/plugin", 200).get(0)).isBetween(25, 75);
  }

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_requests", "power_of_two", "first"})
  void aNewGenerationStartsSlowly(String strategy) {
    String service = "slow-" + strategy;
    Resilience resilience = Resilience.DEFAULT.withSlowStart(Duration.ofSeconds(60));
    Route old = route(service, PluginChoice.named(strategy), resilience);
    proxy.runtime().serve(old);
    Runners.shares(proxy, "/" + service, 10);
    List<Route.RouteUpstream> next = new ArrayList<>(old.upstreams());
    next.set(0, TestingRuntime.upstream(service, 0, 2, ports[0], true));
    proxy.runtime().serve(TestingRuntime.with(old, next.toArray(Route.RouteUpstream[]::new)));

    int atFirst = Runners.shares(proxy, "/" + service, 150).getOrDefault(0, 0);
    TICKER.pass(Duration.ofSeconds(61));
    int atLast = Runners.shares(proxy, "/" + service, 150).getOrDefault(0, 0);

    // A twentieth, then a third.
    assertThat(atFirst).isLessThan(25);
    assertThat(atLast).isGreaterThan(25);
  }

  @ParameterizedTest
  @EnumSource
  void aCookieKeepsAClientAtItsRunnerUntilThatIsAway(ForwarderKind kind) {
    try (TestingProxy other = TestingProxy.start(options -> options.withForwarder(kind))) {
      int[] made = runners(other, 3);
      PluginChoice sticky = PluginChoice.named("sticky_cookie");
      other.runtime().serve(TestingRuntime.with(TestingRuntime.route("shop", made), sticky));
      Message first = other.connect().get("/shop");
      String field = first.header("Set-Cookie").orElseThrow();
      assertThat(field).matches("wr_shop=[0-9a-f]{16}; Path=/; HttpOnly; SameSite=Lax");
      String cookie = "Cookie: a=b; " + field.substring(0, field.indexOf(';')) + "; c=d";
      int runner = Runners.index(first);
      for (int i = 0; i < 6; i++) {
        Message again = other.connect().get("/shop", cookie);
        assertThat(Runners.index(again)).isEqualTo(runner);
        assertThat(again.header("Set-Cookie")).isEmpty();
      }

      Route without = TestingRuntime.with(TestingRuntime.route("shop", made), sticky);
      List<Route.RouteUpstream> left = new ArrayList<>(without.upstreams());
      left.remove(runner);
      other.runtime().serve(TestingRuntime.with(without, left.toArray(Route.RouteUpstream[]::new)));
      Message moved = other.connect().get("/shop", cookie);
      assertThat(moved.status()).isEqualTo(200);
      assertThat(Runners.index(moved)).isNotEqualTo(runner);
      assertThat(moved.header("Set-Cookie")).isPresent();
    }
  }

  @Test
  void aCookieNamesTheRunnerThatAnsweredNotTheOneThatRefused() {
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.route("moves", RawRunner.refusedPort(), ports[1]),
                PluginChoice.named("sticky_cookie")));
    for (int i = 0; i < 2; i++) {
      Message answer = proxy.connect().get("/moves");
      assertThat(answer.all("Set-Cookie")).hasSize(1);
      String field = answer.all("Set-Cookie").get(0);
      Message again =
          proxy.connect().get("/moves", "Cookie: " + field.substring(0, field.indexOf(';')));
      assertThat(again.header("Set-Cookie")).as("it was the right one").isEmpty();
    }
  }

  @Test
  void aKeyDecidesWhereARequestGoes() {
    for (String by : List.of("header", "cookie", "query")) {
      String service = "by-" + by;
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  TestingRuntime.route(service, ports),
                  new PluginChoice("consistent_hash", Map.of("by", by, "key", "customer"))));
      Map<String, Integer> places = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        String customer = "c" + i % 20;
        Message answer =
            switch (by) {
              case "header" -> proxy.connect().get("/" + service, "Customer: " + customer);
              case "cookie" ->
                  proxy.connect().get("/" + service, "Cookie: x=y; customer=" + customer);
              default -> proxy.connect().get("/" + service + "?x=y&customer=" + customer);
            };
        int index = Runners.index(answer);
        Integer before = places.put(customer, index);
        assertThat(before == null ? index : before).as(by + " " + customer).isEqualTo(index);
      }
      assertThat(places.values()).contains(0, 1, 2);
    }
  }
}
