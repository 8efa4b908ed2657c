package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.Ejection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runners whose requests fail are left out for a while. */
final class EjectionTest {
  private final TestingTicker ticker = new TestingTicker();
  private final TestingProxy proxy = TestingProxy.start(ticker);
  private final AtomicBoolean sick = new AtomicBoolean(true);

  @AfterEach
  void stop() {
    proxy.close();
  }

  private int good() {
    return proxy
        .owned(TestingRunner.start(proxy.vertx(), request -> request.response().end("ok")))
        .port();
  }

  /** Answers 500 while {@link #sick}. */
  private int moody() {
    return proxy
        .owned(
            TestingRunner.start(
                proxy.vertx(),
                request -> request.response().setStatusCode(sick.get() ? 500 : 200).end()))
        .port();
  }

  private static Ejection after(int failures) {
    Ejection usual = Ejection.DEFAULT;
    return new Ejection(
        failures,
        0,
        usual.minRequests(),
        usual.interval(),
        Duration.ofSeconds(30),
        usual.maxTime(),
        50,
        50);
  }

  @Test
  void aRunnerThatFailsIsLeftOutForItsTimeAndThenStartsSlowly() {
    Runners.serve(
        proxy,
        "sick",
        settings -> settings.withEjection(after(3)).withSlowStart(Duration.ofSeconds(100)),
        good(),
        moody(),
        good());
    Runners.shares(proxy, "/sick", 9);

    assertThat(Runners.shares(proxy, "/sick", 20)).containsOnlyKeys(0, 2);
    await().until(() -> Runners.events(proxy, "sick").equals(List.of("runner.ejected")));
    assertThat(proxy.runtime().events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.runner()).contains(1);
              assertThat(event.message())
                  .isEqualTo("sick/1 gets no requests for 30 s: it answers with 5xx");
            });

    sick.set(false);
    ticker.pass(Duration.ofSeconds(30));
    assertThat(Runners.shares(proxy, "/sick", 210).get(1)).isBetween(5, 15);
    await().until(() -> Runners.events(proxy, "sick").contains("runner.readmitted"));

    ticker.pass(Duration.ofSeconds(101));
    assertThat(Runners.shares(proxy, "/sick", 30).get(1)).isEqualTo(10);
  }

  @Test
  void itComesBackAndIsToldAlsoWithoutRequests() {
    Runners.serve(proxy, "quiet", settings -> settings.withEjection(after(1)), good(), moody());
    Runners.shares(proxy, "/quiet", 2);
    await().until(() -> Runners.events(proxy, "quiet").contains("runner.ejected"));

    ticker.pass(Duration.ofSeconds(31));

    await().until(() -> Runners.events(proxy, "quiet").contains("runner.readmitted"));
  }

  @Test
  void whoRefusesConnectionsIsEjectedToo() {
    Runners.serve(
        proxy,
        "closed",
        settings -> settings.withEjection(after(2)),
        RawRunner.refusedPort(),
        good());

    assertThat(Runners.shares(proxy, "/closed", 10)).containsOnlyKeys(1);
    await().until(() -> Runners.events(proxy, "closed").contains("runner.ejected"));
  }

  @Test
  void halfOfThemStayWhateverHappens() {
    Runners.serve(
        proxy, "all", settings -> settings.withEjection(after(1)), moody(), moody(), moody());
    Runners.shares(proxy, "/all", 30);

    assertThat(Runners.events(proxy, "all")).containsOnlyOnce("runner.ejected");
    assertThat(Runners.shares(proxy, "/all", 10)).hasSize(2);
  }

  @Test
  void whenTooFewAreLeftTheEjectedServeToo() {
    int moody = moody();
    int good = good();
    Runners.serve(proxy, "panic", settings -> settings.withEjection(after(1)), moody, good, good());
    Runners.shares(proxy, "/panic", 3);
    assertThat(Runners.shares(proxy, "/panic", 10)).containsOnlyKeys(1, 2);

    // The third is unhealthy now: one of three would be left.
    var route =
        TestingRuntime.with(
            TestingRuntime.route("panic"),
            TestingRuntime.upstream("panic", 0, 1, moody, true),
            TestingRuntime.upstream("panic", 1, 1, good, true),
            TestingRuntime.upstream("panic", 2, 1, good, false));
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                route, Runners.with(route, settings -> settings.withEjection(after(1)))));

    assertThat(Runners.shares(proxy, "/panic", 10)).containsOnlyKeys(0, 1);
  }

  @Test
  void aNewGenerationBeginsWithoutThePast() {
    int sickPort = moody();
    int good = good();
    Runners.serve(proxy, "reborn", settings -> settings.withEjection(after(1)), sickPort, good);
    Runners.shares(proxy, "/reborn", 4);
    assertThat(Runners.shares(proxy, "/reborn", 4)).containsOnlyKeys(1);
    sick.set(false);

    var route =
        TestingRuntime.with(
            TestingRuntime.route("reborn"),
            TestingRuntime.upstream("reborn", 0, 2, sickPort, true),
            TestingRuntime.upstream("reborn", 1, 1, good, true));
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                route, Runners.with(route, settings -> settings.withEjection(after(1)))));

    assertThat(Runners.shares(proxy, "/reborn", 4)).containsOnlyKeys(0, 1);
  }
}
