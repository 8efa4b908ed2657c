package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.Retries;
import io.wasmrunner.model.Retries.Cause;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are sent once more. */
final class RetriesTest {
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start(options -> options.withEventLoops(1));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static Retries on(Cause... causes) {
    return settings(2, false, 100, Duration.ZERO, causes);
  }

  private static Retries settings(
      int attempts, boolean all, int budget, Duration perTry, Cause... causes) {
    return new Retries(
        attempts,
        Set.of(causes),
        all,
        budget,
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        perTry,
        1);
  }

  /** A runner with that status, which counts. */
  private static TestingRunner answering(int status) {
    return proxy.owned(
        TestingRunner.start(
            proxy.vertx(),
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> request.response().setStatusCode(status).end("got " + body))));
  }

  /** A runner that reads a head and closes. */
  private static RawRunner closing(AtomicInteger requests) {
    return proxy.owned(
        RawRunner.start(
            (connection, number) -> {
              connection.readHead();
              requests.incrementAndGet();
              connection.socket().close();
            }));
  }

  private static void serve(String service, Retries retries, int... ports) {
    Runners.serve(proxy, service, settings -> settings.withRetries(retries), ports);
  }

  private static String code(Message answer) {
    return new JsonObject(answer.text()).getString("code");
  }

  @Test
  void theNextRunnerAnswersWhatOneFails() {
    TestingRunner bad = answering(503);
    TestingRunner good = answering(200);
    serve("next", on(Cause.STATUS), bad.port(), good.port());
    for (int i = 0; i < 6; i++) {
      Message answer = proxy.connect().get("/next");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(Runners.index(answer)).isEqualTo(1);
    }
    assertThat(bad.requests()).isPositive();
    assertThat(good.requests()).isEqualTo(6);
  }

  @Test
  void theLastAnswerIsTheClientsWhenAllFail() {
    TestingRunner bad = answering(503);
    serve("last", on(Cause.STATUS), bad.port());

    Message answer = proxy.connect().get("/last");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).isEqualTo("got ");
    assertThat(bad.requests()).isEqualTo(3);
  }

  @Test
  void aLostConnectionIsRetriedAndTheConnectionToTheClientStays() throws Exception {
    AtomicInteger lost = new AtomicInteger();
    serve("lost", on(Cause.RESET), closing(lost).port(), answering(200).port());
    RawClient client = proxy.connect();
    for (int i = 0; i < 4; i++) {
      assertThat(client.get("/lost").status()).isEqualTo(200);
    }
    assertThat(lost.get()).isPositive();
  }

  @Test
  void withoutTheCauseNothingIsRetried() {
    AtomicInteger lost = new AtomicInteger();
    serve("other", on(Cause.TIMEOUT, Cause.STATUS), closing(lost).port());

    assertThat(code(proxy.connect().get("/other"))).isEqualTo("WR-3302");
    assertThat(lost.get()).isEqualTo(1);
  }

  @Test
  void whatIsNotIdempotentIsSentOnceUnlessTheServiceSaysOtherwise() {
    TestingRunner bad = answering(500);
    serve("post", on(Cause.STATUS), bad.port());
    String body = "\r\nhello";
    assertThat(proxy.connect().call("POST /post", "Content-Length: 5", body).status())
        .isEqualTo(500);
    assertThat(bad.requests()).isEqualTo(1);

    serve("post", settings(2, true, 100, Duration.ZERO, Cause.STATUS), bad.port());
    assertThat(proxy.connect().call("POST /post", "Content-Length: 5", body).text())
        .isEqualTo("got hello");
    assertThat(bad.requests()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 600", "Transfer-Encoding: chunked"})
  void aBodyIsSentAgainWhole(String framing) throws Exception {
    TestingRunner bad = answering(500);
    TestingRunner good = answering(200);
    String service = "body-" + framing.length();
    serve(service, on(Cause.STATUS), bad.port(), good.port());
    String part = "0123456789".repeat(30);
    boolean chunked = framing.startsWith("T");
    for (int i = 0; i < 2; i++) {
      RawClient client = proxy.connect();
      client.sendHead("PUT /" + service + " HTTP/1.1", "Host: x", framing);
      client.send(chunked ? "12c\r\n" + part + "\r\n" : part);
      client.send(chunked ? "12c\r\n" + part + "\r\n0\r\n\r\n" : part);
      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("got " + part + part);
    }
    assertThat(bad.requests()).isPositive();
  }

  @Test
  void whatComesOfABodyDuringThePauseIsNotLost() throws Exception {
    TestingRunner hasty =
        proxy.owned(
            TestingRunner.start(
                proxy.vertx(), request -> request.response().setStatusCode(503).end("no")));
    TestingRunner good = answering(200);
    Duration pause = Duration.ofMillis(500);
    serve(
        "paused",
        new Retries(2, Set.of(Cause.STATUS), false, 100, pause, pause, Duration.ZERO, 1),
        hasty.port(),
        good.port());
    String large = "0123456789".repeat(120);
    for (int i = 0; i < 2; i++) {
      int refused = hasty.requests();
      int taken = good.requests();
      RawClient client = proxy.connect();
      client.sendHead("PUT /paused HTTP/1.1", "Host: x", "Transfer-Encoding: chunked");
      client.send("5\r\nfirst\r\n");
      await()
          .until(
              () ->
                  good.requests() > taken
                      || (hasty.requests() > refused
                          && proxy.runtime().requestsUnderWay("paused", 0, 1) == 0));
      client.send("4b0\r\n" + large + "\r\n0\r\n\r\n");

      assertThat(client.read().text()).isEqualTo("got first" + large);
    }
    assertThat(hasty.requests()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1200", "Transfer-Encoding: chunked"})
  void aBodyBeyondTheBoundIsNotSentAgain(String framing) throws Exception {
    TestingRunner bad = answering(500);
    String service = "large-" + framing.length();
    serve(service, on(Cause.STATUS), bad.port());
    String body = "0123456789".repeat(120);
    boolean chunked = framing.startsWith("T");
    RawClient client = proxy.connect();
    client.sendHead("PUT /" + service + " HTTP/1.1", "Host: x", framing);
    client.send(chunked ? "4b0\r\n" + body + "\r\n0\r\n\r\n" : body);

    assertThat(client.read().text()).isEqualTo("got " + body);
    assertThat(bad.requests()).isEqualTo(1);
    assertThat(client.get("/" + service).status()).isEqualTo(500);
  }

  @Test
  void anAttemptThatTakesTooLongIsGivenUp() {
    RawRunner silent =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  connection.readHead();
                  connection.readByte();
                }));
    TestingRunner good = answering(200);
    serve(
        "silent",
        settings(1, false, 100, Duration.ofMillis(200), Cause.TIMEOUT),
        silent.port(),
        good.port());
    assertThat(proxy.connect().get("/silent").status()).isEqualTo(200);
    assertThat(silent.connections()).isEqualTo(1);

    serve("mute", settings(1, false, 100, Duration.ofMillis(200), Cause.TIMEOUT), silent.port());
    Message answer = proxy.connect().get("/mute");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(code(answer)).isEqualTo("WR-3305");
    assertThat(silent.connections()).isEqualTo(3);
  }

  @Test
  void nothingIsSentAgainOnceTheAnswerHasBegun() {
    AtomicInteger begun = new AtomicInteger();
    RawRunner breaking =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  connection.readHead();
                  begun.incrementAndGet();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                  connection.socket().shutdownOutput();
                  connection.readByte();
                }));
    serve("begun", on(Cause.RESET, Cause.STATUS, Cause.TIMEOUT), breaking.port());

    assertThat(brokenOff("/begun")).isTrue();
    assertThat(begun.get()).isEqualTo(1);
  }

  private static boolean brokenOff(String path) {
    try {
      proxy.connect().get(path);
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  @Test
  void theBudgetStopsRetriesWhenMuchFails() {
    TestingRunner bad = answering(500);
    serve("budget", settings(1, false, 10, Duration.ZERO, Cause.STATUS), bad.port());
    RawClient client = proxy.connect();
    for (int i = 0; i < 50; i++) {
      client.get("/budget");
    }

    // Ten are always allowed.
    assertThat(bad.requests()).isEqualTo(60);
  }

  @Test
  void whenNobodyTookTheConnectionAllAreTriedAgain() {
    // Whatever the method: nothing was sent.
    int port = RawRunner.refusedPort();
    serve("restarting", settings(2, false, 100, Duration.ZERO, Cause.CONNECT), port);
    Message answer = proxy.connect().call("POST /restarting", "Content-Length: 2", "\r\nhi");

    assertThat(code(answer)).isEqualTo("WR-3301");
    Runners.serve(
        proxy,
        "returns",
        settings ->
            settings.withRetries(
                new Retries(
                    10,
                    Set.of(Cause.CONNECT),
                    false,
                    100,
                    Duration.ofMillis(500),
                    Duration.ofMillis(500),
                    Duration.ZERO,
                    1)),
        port);
    proxy.vertx().setTimer(200, timer -> late(port));
    Message late = proxy.connect().call("POST /returns", "Content-Length: 2", "\r\nhi");
    assertThat(late.text()).isEqualTo("late");
  }

  private static void late(int port) {
    var unused =
        proxy
            .vertx()
            .createHttpServer()
            .requestHandler(request -> request.response().end("late"))
            .listen(port, "127.0.0.1");
  }

  @Test
  void aClientThatLeavesDuringThePauseEndsIt() {
    AtomicInteger lost = new AtomicInteger();
    Runners.serve(
        proxy,
        "leaver",
        settings ->
            settings.withRetries(
                new Retries(
                    10,
                    Set.of(Cause.RESET),
                    false,
                    100,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ZERO,
                    1)),
        closing(lost).port());
    RawClient client = proxy.connect();
    try {
      client.send("GET /leaver HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> lost.get() > 0);
      client.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    await()
        .until(
            () ->
                proxy.runtime().stats().services().stream()
                    .filter(service -> service.service().equals("leaver"))
                    .flatMap(service -> service.endpoints().stream())
                    .flatMap(endpoint -> endpoint.minutes().stream())
                    .anyMatch(minute -> minute.counts().containsKey(499)));
    assertThat(proxy.runtime().requestsUnderWay("leaver", 0, 1)).isZero();
  }
}
