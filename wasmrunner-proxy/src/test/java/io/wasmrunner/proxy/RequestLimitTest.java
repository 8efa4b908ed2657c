package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.ConcurrencyLimit;
import io.wasmrunner.proxy.RawConnection.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Only so many requests of a service are under way. */
final class RequestLimitTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
  private final AtomicInteger arrived = new AtomicInteger();

  private TestingRunner holding(TestingProxy proxy) {
    return proxy.owned(
        TestingRunner.start(
            proxy.vertx(),
            request ->
                request.endHandler(
                    read -> {
                      held.add(request);
                      arrived.incrementAndGet();
                    })));
  }

  private void serve(TestingProxy proxy, int max, int queue, Duration patience) {
    Runners.serve(
        proxy,
        "held",
        settings -> settings.withConcurrency(new ConcurrencyLimit(max, false, queue, patience)),
        holding(proxy).port());
  }

  private static RawClient ask(TestingProxy proxy, String more) throws Exception {
    RawClient client = proxy.connect();
    client.send("POST /held HTTP/1.1\r\nHost: x\r\n" + more);
    return client;
  }

  private void answerOne() {
    await().until(() -> !held.isEmpty());
    HttpServerRequest request = held.remove();
    request.response().end("done");
  }

  private static void assertRefused(Message answer, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).contains("1");
    assertThat(new JsonObject(answer.text()).getString("code")).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource
  void theOthersWaitInABoundedQueue(ForwarderKind kind) throws Exception {
    try (TestingProxy proxy = TestingProxy.start(options -> options.withForwarder(kind))) {
      serve(proxy, 2, 3, LONG);
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        clients.add(ask(proxy, "\r\n"));
      }
      await().until(() -> arrived.get() == 2);
      clients.add(ask(proxy, "\r\n"));
      clients.add(ask(proxy, "Content-Length: 5\r\n\r\nhello"));
      clients.add(ask(proxy, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
      await().untilAsserted(() -> assertRefused(proxy.connect().call("POST /held"), "WR-3212"));
      assertThat(arrived.get()).isEqualTo(2);

      for (int i = 0; i < 5; i++) {
        answerOne();
      }

      for (RawClient client : clients) {
        Message answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("done");
      }
      assertThat(arrived.get()).isEqualTo(5);
      for (RawClient client : clients) {
        // The connections of those who waited are as good as before.
        client.send("POST /held HTTP/1.1\r\nHost: x\r\n\r\n");
        answerOne();
        assertThat(client.read().text()).isEqualTo("done");
      }
    }
  }

  @Test
  void whoWaitsTooLongIsRefused() throws Exception {
    TestingTicker ticker = new TestingTicker();
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      serve(proxy, 1, 10, Duration.ofSeconds(2));
      RawClient first = ask(proxy, "\r\n");
      await().until(() -> arrived.get() == 1);
      RawClient second = ask(proxy, "Content-Length: 5\r\n\r\nhello");
      await().until(() -> waiting(proxy) == 1);
      ticker.pass(Duration.ofSeconds(1));
      assertThat(waiting(proxy)).isEqualTo(1);
      ticker.pass(Duration.ofMillis(1_001));

      assertRefused(second.read(), "WR-3213");
      assertThat(waiting(proxy)).isZero();
      answerOne();
      assertThat(first.read().text()).isEqualTo("done");
      assertThat(arrived.get()).isEqualTo(1);
    }
  }

  @Test
  void whoLeavesTheQueueLeavesItToTheNext() throws Exception {
    try (TestingProxy proxy = TestingProxy.start()) {
      serve(proxy, 1, 10, LONG);
      RawClient first = ask(proxy, "\r\n");
      await().until(() -> arrived.get() == 1);
      RawClient leaver = ask(proxy, "\r\n");
      await().until(() -> waiting(proxy) == 1);
      RawClient last = ask(proxy, "\r\n");
      await().until(() -> waiting(proxy) == 2);
      leaver.reset();
      await().until(() -> waiting(proxy) == 1);

      answerOne();
      answerOne();

      assertThat(first.read().text()).isEqualTo("done");
      assertThat(last.read().text()).isEqualTo("done");
      await().until(() -> inside(proxy) == 0);
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleLeavesItsPlace() throws Exception {
    try (TestingProxy proxy = TestingProxy.start()) {
      serve(proxy, 1, 10, LONG);
      RawClient first = ask(proxy, "\r\n");
      await().until(() -> arrived.get() == 1);
      RawClient second = ask(proxy, "\r\n");
      await().until(() -> waiting(proxy) == 1);
      first.reset();
      await().until(() -> arrived.get() == 2);
      held.remove();
      answerOne();

      assertThat(second.read().text()).isEqualTo("done");
      await().until(() -> inside(proxy) == 0);
    }
  }

  @Test
  void anAdaptiveLimitHoldsToo() throws Exception {
    try (TestingProxy proxy = TestingProxy.start()) {
      Runners.serve(
          proxy,
          "held",
          settings -> settings.withConcurrency(new ConcurrencyLimit(200, true, 0, LONG)),
          holding(proxy).port());
      for (int i = 0; i < 20; i++) {
        ask(proxy, "\r\n");
      }
      await().until(() -> arrived.get() == 20);

      assertRefused(proxy.connect().call("POST /held"), "WR-3212");
      for (int i = 0; i < 20; i++) {
        answerOne();
      }
      await().until(() -> inside(proxy) == 0);
    }
  }

  private static int waiting(TestingProxy proxy) {
    return proxy.runtime().traffic("held").waiting();
  }

  private static int inside(TestingProxy proxy) {
    return proxy.runtime().traffic("held").underWay();
  }
}
