package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.RequestStats.EndpointCounts;
import io.wasmrunner.model.RequestStats.MinuteCounts;
import io.wasmrunner.model.RequestStats.ServiceCounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrafficTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:30Z");
  private static final long NOON_MINUTE = NOON.getEpochSecond() / 60;

  private final SteppingClock clock = new SteppingClock();
  private TestingProxy proxy;

  private static final class SteppingClock extends Clock {
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

    void advance(Duration step) {
      now.updateAndGet(time -> time.plus(step));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }

  @BeforeEach
  void start() {
    ProxyLimits defaults = ProxyLimits.DEFAULT;
    ProxyLimits fewNames =
        new ProxyLimits(
            defaults.connectionsPerRunner(),
            defaults.waitingPerRunner(),
            defaults.maxHeaderBytes(),
            defaults.maxHeaderFields(),
            defaults.maxLineBytes(),
            defaults.clientIdle(),
            defaults.runnerIdle(),
            3,
            ProxyLimits.DEFAULT.heldBodyBytes());
    proxy = TestingProxy.start(options -> options.withClock(clock).withLimits(fewNames));
    proxy.runner(
        "shop",
        request ->
            request.response().setStatusCode(request.path().contains("missing") ? 404 : 200).end());
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private ServiceCounts service(String name) {
    return proxy.runtime().stats().services().stream()
        .filter(service -> service.service().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<MinuteCounts> endpoint(String name) {
    return service("shop").endpoints().stream()
        .filter(endpoint -> endpoint.endpoint().equals(name))
        .findFirst()
        .map(EndpointCounts::minutes)
        .orElse(List.of());
  }

  @Test
  void answersAreCountedByServiceEndpointMinuteAndStatus() {
    RawClient client = proxy.connect();
    client.get("/shop/orders?x=1");
    client.get("/shop/orders/");
    client.call("POST /shop/missing");
    clock.advance(Duration.ofMinutes(1));
    client.get("/shop/orders");
    client.get("/nowhere");
    client.get("/shop/../x");
    client.get("/health");

    RequestStats stats = proxy.runtime().stats();
    assertThat(endpoint("orders"))
        .containsExactly(
            new MinuteCounts(NOON_MINUTE, Map.of(200, 2L)),
            new MinuteCounts(NOON_MINUTE + 1, Map.of(200, 1L)));
    assertThat(endpoint("missing")).containsExactly(new MinuteCounts(NOON_MINUTE, Map.of(404, 1L)));
    assertThat(stats.global())
        .containsExactly(
            new MinuteCounts(NOON_MINUTE, Map.of(200, 2L, 404, 1L)),
            new MinuteCounts(NOON_MINUTE + 1, Map.of(200, 1L, 404, 1L, 400, 1L)));
  }

  @Test
  void minutesOlderThanAnHourAreGone() {
    RawClient client = proxy.connect();
    client.get("/shop/old");
    clock.advance(Duration.ofMinutes(59));
    client.get("/shop/new");
    assertThat(proxy.runtime().stats().global()).hasSize(2);

    clock.advance(Duration.ofMinutes(1));

    assertThat(proxy.runtime().stats().global())
        .containsExactly(new MinuteCounts(NOON_MINUTE + 59, Map.of(200, 1L)));
    assertThat(service("shop").endpoints())
        .extracting(EndpointCounts::endpoint)
        .containsExactly("new");

    // The slot of a minute an hour ago is used again, not added to.
    client.get("/shop/old");
    assertThat(endpoint("old"))
        .containsExactly(new MinuteCounts(NOON_MINUTE + 60, Map.of(200, 1L)));
    clock.advance(Duration.ofHours(2));
    assertThat(proxy.runtime().stats()).isEqualTo(new RequestStats(List.of(), List.of()));
  }

  @Test
  void beyondTheBoundOfNamesEndpointsAreCountedTogether() {
    RawClient client = proxy.connect();
    for (int i = 0; i < 10; i++) {
      client.get("/shop/endpoint" + (char) ('a' + i));
    }
    client.get("/shop/" + "x".repeat(1000));

    assertThat(service("shop").endpoints())
        .extracting(EndpointCounts::endpoint)
        .containsExactly("endpointa", "endpointb", "endpointc", "other");
    assertThat(endpoint("other")).containsExactly(new MinuteCounts(NOON_MINUTE, Map.of(200, 8L)));

    // An hour later there is room again.
    clock.advance(Duration.ofMinutes(61));
    client.get("/shop/endpointz");
    assertThat(service("shop").endpoints())
        .extracting(EndpointCounts::endpoint)
        .containsExactly("endpointz");
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "'', /",
    "///, /",
    "/orders, orders",
    "/orders/, orders",
    "/orders/42, orders/{id}",
    "/orders/42/lines/7, orders/{id}/lines/{id}",
    "/42, {id}",
    "/c/123e4567-e89b-12d3-a456-426614174000/x, c/{id}/x",
    "/c/65f1c0ffee65f1c0ffee65f1, c/{id}",
    "/v1/facade, v1/facade",
    "/2024-01-01, 2024-01-01",
    "/a//b, a//b",
    "/face/b00c, face/b00c"
  })
  void identifiersAreCountedAlike(String path, String name) {
    assertThat(EndpointName.of(path)).isEqualTo(name);
  }

  @Test
  void failuresAndLeavingClientsAreCounted() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    proxy.rawRunner(
        "fails",
        (connection, number) -> {
          if (connection.readHead().startLine().contains("wait")) {
            arrived.countDown();
            connection.readByte();
          }
          connection.close();
        });
    proxy.runtime().serve(TestingRuntime.route("nobody"));
    proxy.connect().get("/fails");
    proxy.connect().get("/nobody");
    RawClient leaving = proxy.connect();
    leaving.send("GET /fails/wait HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    leaving.close();

    await()
        .untilAsserted(
            () ->
                assertThat(proxy.runtime().stats().global())
                    .containsExactly(
                        new MinuteCounts(NOON_MINUTE, Map.of(502, 1L, 503, 1L, 499, 1L))));
    assertThat(service("nobody").endpoints()).hasSize(1);
  }
}
