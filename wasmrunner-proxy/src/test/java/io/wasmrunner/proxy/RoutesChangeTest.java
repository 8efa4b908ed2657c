package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.model.Route;
import io.wasmrunner.proxy.RawConnection.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RoutesChangeTest {
  private TestingProxy proxy;

  @BeforeEach
  void start() {
    proxy = TestingProxy.start();
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static void answer(HttpServerRequest request, String name) {
    request.body().onSuccess(body -> request.response().end(name + " " + body.length()));
  }

  @Test
  void routesChangeUnderLoadWithoutAFailure() throws Exception {
    TestingRunner first =
        proxy.owned(TestingRunner.start(proxy.vertx(), request -> answer(request, "first")));
    proxy.runtime().serve(TestingRuntime.route("live", first.port()));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    List<String> failures = new CopyOnWriteArrayList<>();
    List<Thread> load = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      RawClient client = proxy.connect();
      Thread thread =
          new Thread(
              () -> {
                while (!stop.get()) {
                  try {
                    Message answer = client.call("POST /live/x", "Content-Length: 4", "\r\nbody");
                    if (answer.status() != 200 || !answer.text().endsWith(" 4")) {
                      failures.add(answer.startLine() + " " + answer.text());
                    }
                    served.incrementAndGet();
                  } catch (RuntimeException e) {
                    failures.add(e.toString());
                    return;
                  }
                }
              });
      thread.start();
      load.add(thread);
    }

    // Each round: another runner joins, the old one leaves, drains and stops.
    TestingRunner current = first;
    for (int generation = 2; generation < 22; generation++) {
      String name = "generation" + generation;
      TestingRunner next = TestingRunner.start(proxy.vertx(), request -> answer(request, name));
      Route both = TestingRuntime.route("live");
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  both,
                  TestingRuntime.upstream("live", 0, generation - 1, current.port(), true),
                  TestingRuntime.upstream("live", 1, generation, next.port(), true)));
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  both, TestingRuntime.upstream("live", 0, generation, next.port(), true)));
      int before = served.get();
      await().until(() -> served.get() > before + 50);
      current.close();
      current = next;
    }
    stop.set(true);
    for (Thread thread : load) {
      thread.join();
    }

    assertThat(failures).isEmpty();
    assertThat(served.get()).isGreaterThan(1000);
    current.close();
  }

  @Test
  void aNewGenerationOnTheSamePortGetsNewConnections() throws Exception {
    // A connection belongs to the generation that accepted it, as behind a listener that is
    // handed over.
    AtomicInteger generation = new AtomicInteger(1);
    CountDownLatch oldClosed = new CountDownLatch(1);
    RawRunner runner =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  int mine = generation.get();
                  try {
                    while (true) {
                      connection.readHead();
                      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + mine);
                    }
                  } finally {
                    oldClosed.countDown();
                  }
                }));
    proxy.runtime().serve(generation(1, runner.port()));
    RawClient client = proxy.connect();
    assertThat(client.get("/handed").text()).isEqualTo("1");

    generation.set(2);
    proxy.runtime().serve(generation(2, runner.port()));

    // The unused connection to the old one is closed, so that it can end.
    assertThat(oldClosed.await(60, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 5; i++) {
      assertThat(client.call("POST /handed").text()).isEqualTo("2");
    }
  }

  @Test
  void aRequestUnderWayOnAnOldGenerationEndsThere() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    RawRunner runner =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  connection.readHead();
                  arrived.countDown();
                  answer.await();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold");
                  if (connection.readByte() < 0) {
                    closed.countDown();
                  }
                }));
    proxy.runtime().serve(generation(1, runner.port()));
    RawClient client = proxy.connect();
    client.send("GET /handed HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

    proxy.runtime().serve(generation(2, runner.port()));
    proxy.runtime().serve(generation(3, runner.port()));
    // Who wants to stop the old one can ask whether it is still needed.
    assertThat(proxy.runtime().requestsUnderWay("handed", 0, 1)).isEqualTo(1);
    assertThat(proxy.runtime().requestsUnderWay("handed", 0, 3)).isZero();
    answer.countDown();

    assertThat(client.read().text()).isEqualTo("old");
    await().until(() -> proxy.runtime().requestsUnderWay("handed", 0, 1) == 0);
    assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Route generation(long generation, int port) {
    return TestingRuntime.with(
        TestingRuntime.route("handed"),
        TestingRuntime.upstream("handed", 0, generation, port, true));
  }

  @Test
  void aRemovedServiceIsUnknown() {
    proxy.runner("gone", request -> request.response().end("ok"));
    assertThat(proxy.connect().get("/gone").status()).isEqualTo(200);

    proxy.runtime().remove("gone");

    assertThat(proxy.connect().get("/gone").status()).isEqualTo(404);
  }

  @Test
  void anOlderSnapshotIsIgnored() {
    TestingRunner runner = proxy.runner("kept", request -> request.response().end("ok"));
    proxy.runtime().serve(TestingRuntime.route("kept", runner.port()));

    proxy.runtime().bus().publish(BusAddress.ROUTES_CHANGED, new RoutesSnapshot(1, List.of()));
    proxy.runtime().stats(); // handled after the event

    assertThat(proxy.connect().get("/kept").status()).isEqualTo(200);
  }
}
