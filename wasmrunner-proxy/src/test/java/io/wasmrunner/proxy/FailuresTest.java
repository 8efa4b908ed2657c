package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailuresTest {
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static void assertProblem(Message message, int status, String code) {
    assertThat(message.status()).as(message.text()).isEqualTo(status);
    assertThat(message.all("Content-Type")).containsExactly("application/problem+json");
    JsonObject problem = new JsonObject(message.text());
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getString("title")).isNotBlank();
    assertThat(problem.getString("detail")).isNotBlank();
    assertThat(problem.getString("fix")).isNotBlank();
    // Nothing about the inside: no addresses, no ports, no class names.
    assertThat(message.text()).doesNotContain("127.0.0.1", "Exception", "io.");
  }

  /* ---- no connection ---- */

  @Test
  void aRunnerThatRefusesIsA502() {
    proxy.runtime().serve(TestingRuntime.route("refused", RawRunner.refusedPort()));

    assertProblem(proxy.connect().get("/refused"), 502, "WR-3301");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void anotherRunnerTakesWhatOneRefuses(String method) throws Exception {
    TestingRunner alive =
        proxy.owned(
            TestingRunner.start(
                proxy.vertx(),
                request -> request.body().onSuccess(body -> request.response().end(body))));
    proxy
        .runtime()
        .serve(
            TestingRuntime.route(
                "half", RawRunner.refusedPort(), alive.port(), RawRunner.refusedPort()));
    RawClient client = proxy.connect();

    for (int i = 0; i < 12; i++) {
      client.sendHead(method + " /half HTTP/1.1", "Host: x", "Content-Length: 4").send("body");
      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("body");
      assertThat(answer.all("X-Wasmrunner-Runner")).containsExactly("half/1");
    }
  }

  @Test
  void theRuntimeIsToldOfARunnerThatRefusesButNotOfEveryRequest() {
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.route("suspect"),
                TestingRuntime.upstream("suspect", 0, 7, RawRunner.refusedPort(), true)));
    RawClient client = proxy.connect();
    for (int i = 0; i < 50; i++) {
      client.get("/suspect");
    }

    await().until(() -> suspicions("suspect") > 0);
    UpstreamSuspected first =
        proxy.runtime().suspected().stream()
            .filter(s -> s.runner().service().equals("suspect"))
            .findFirst()
            .orElseThrow();
    assertThat(first.runner()).isEqualTo(new RunnerId("suspect", 0));
    assertThat(first.generation()).isEqualTo(7);
    assertThat(first.reason()).isNotBlank();
    assertThat(suspicions("suspect")).isLessThan(10);
  }

  private static long suspicions(String service) {
    return proxy.runtime().suspected().stream()
        .filter(s -> s.runner().service().equals(service))
        .count();
  }

  /* ---- no answer ---- */

  @Test
  void aRunnerThatClosesWithoutAnAnswerIsA502() {
    proxy.rawRunner(
        "mute",
        (connection, number) -> {
          connection.readHead();
          connection.close();
        });

    assertProblem(proxy.connect().get("/mute"), 502, "WR-3302");
  }

  @Test
  void aRunnerThatResetsWithoutAnAnswerIsA502() {
    proxy.rawRunner(
        "resets",
        (connection, number) -> {
          connection.readHead();
          connection.reset();
        });

    assertProblem(proxy.connect().get("/resets"), 502, "WR-3302");
  }

  @Test
  void aRequestThatKillsItsRunnerIsNotSentToTheNext() {
    AtomicInteger requests = new AtomicInteger();
    RawRunner.Script dies =
        (connection, number) -> {
          connection.readHead();
          requests.incrementAndGet();
          connection.close();
        };
    RawRunner one = proxy.owned(RawRunner.start(dies));
    RawRunner two = proxy.owned(RawRunner.start(dies));
    proxy.runtime().serve(TestingRuntime.route("poison", one.port(), two.port()));

    assertProblem(proxy.connect().get("/poison"), 502, "WR-3302");
    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
      })
  void whatIsNotHttpIsA502(String garbage) throws Exception {
    proxy.rawRunner(
        "garbage",
        (connection, number) -> {
          connection.readHead();
          connection.send(garbage);
          connection.readByte();
        });
    RawClient client = proxy.connect();
    client.send("GET /garbage HTTP/1.1\r\nHost: x\r\n\r\n");

    if (garbage.contains("no number")) {
      // The head was fine, so it may have gone out already; then the connection must break.
      assertThatThrownBy(client::read).isInstanceOfAny(EOFException.class, SocketException.class);
    } else {
      assertProblem(client.read(), 502, "WR-3303");
    }
  }

  @Test
  void aHeaderOfTheAnswerThatIsTooLargeIsA502() {
    proxy.rawRunner(
        "huge",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead("HTTP/1.1 200 OK", "X: " + "x".repeat(200_000), "Content-Length: 0");
          connection.readByte();
        });

    assertProblem(proxy.connect().get("/huge"), 502, "WR-3303");
  }

  @Test
  void aClientKeepsItsConnectionAfterAProblem() {
    proxy.rawRunner(
        "once",
        (connection, number) -> {
          connection.readHead();
          if (number == 0) {
            connection.close();
          } else {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
        });
    RawClient client = proxy.connect();

    assertProblem(client.get("/once"), 502, "WR-3302");
    assertThat(client.get("/once").text()).isEqualTo("ok");
  }

  @Test
  void aBodyBeingSentWhenTheRunnerDiesIsA502() throws Exception {
    proxy.rawRunner(
        "dieswhile",
        (connection, number) -> {
          connection.readHead();
          connection.readFully(1000);
          connection.reset();
        });
    RawClient client = proxy.connect();
    client.send("POST /dieswhile HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    client.send(new byte[50_000]);

    assertProblem(client.read(), 502, "WR-3302");
  }

  /* ---- half an answer ---- */

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
  void anAnswerThatBreaksOffBreaksTheClientsConnection(String framing) throws Exception {
    proxy.rawRunner(
        "breaks",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead("HTTP/1.1 200 OK", framing).send("5\r\nhello\r\n");
          connection.close();
        });
    RawClient client = proxy.connect();
    client.send("GET /breaks HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThatThrownBy(client::read).isInstanceOfAny(EOFException.class, SocketException.class);
  }

  @Test
  void anOldClientCannotTakeHalfAnAnswerForAWhole() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    proxy.rawRunner(
        "breaks10",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
          connection.send("5\r\nhello\r\n");
          seen.await();
          connection.close();
        });
    RawClient client = proxy.connect();
    client.send("GET /breaks10 HTTP/1.0\r\nHost: x\r\n\r\n");
    client.readHead();
    client.readFully(5);
    seen.countDown();

    // An orderly end would read as -1: the only sign an HTTP/1.0 client knows.
    assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class);
  }

  /* ---- connections closed between requests ---- */

  /** Answers one request per connection and closes it when told, without saying so before. */
  private static RawRunner closingAfterOne(String service) {
    return proxy.rawRunner(
        service,
        (connection, number) -> {
          Message request = connection.read();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          if (number == 0) {
            // The next request arrives on this connection and finds it closed.
            connection.readHead();
            connection.close();
            return;
          }
          while (request != null) {
            request = connection.read();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfresh");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
  void anIdempotentRequestOnAStaleConnectionIsSentAgain(String method) throws Exception {
    RawRunner runner = closingAfterOne("stale");
    RawClient client = proxy.connect();
    sameLoop(client, "/stale");

    client.send(method + " /stale HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);

    assertThat(runner.connections()).isEqualTo(2);
  }

  @Test
  void aRequestThatIsNotIdempotentIsNotSentTwice() throws Exception {
    RawRunner runner = closingAfterOne("stalepost");
    RawClient client = proxy.connect();
    sameLoop(client, "/stalepost");

    client.send("POST /stalepost HTTP/1.1\r\nHost: x\r\n\r\n");

    assertProblem(client.read(), 502, "WR-3302");
    assertThat(runner.connections()).isEqualTo(1);
  }

  @Test
  void aRequestWhoseBodyHasBeenReadIsNotSentTwice() throws Exception {
    closingAfterOne("staleput");
    RawClient client = proxy.connect();
    sameLoop(client, "/staleput");

    client.send("PUT /staleput HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");

    assertProblem(client.read(), 502, "WR-3302");
  }

  @Test
  void connectionsThatTheRunnerClosesAreReplaced() throws Exception {
    CountDownLatch[] closed = {new CountDownLatch(1)};
    proxy.rawRunner(
        "closes",
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          connection.close();
          closed[0].countDown();
        });
    RawClient client = proxy.connect();
    for (int i = 0; i < 20; i++) {
      closed[0] = new CountDownLatch(1);
      assertThat(client.get("/closes").status()).isEqualTo(200);
      assertThat(closed[0].await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void connectionsAreReused() {
    RawRunner runner =
        proxy.rawRunner(
            "reuse",
            (connection, number) -> {
              while (true) {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }
            });
    RawClient client = proxy.connect();
    for (int i = 0; i < 50; i++) {
      client.get("/reuse");
    }

    assertThat(runner.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionAnnouncedToCloseIsNotReused() {
    RawRunner runner =
        proxy.rawRunner(
            "says",
            (connection, number) -> {
              while (true) {
                connection.readHead();
                connection.sendHead("HTTP/1.1 200 OK", "Connection: x, Close", "Content-Length: 0");
              }
            });
    RawClient client = proxy.connect();
    for (int i = 0; i < 3; i++) {
      assertThat(client.call("POST /says").status()).isEqualTo(200);
    }

    assertThat(runner.connections()).isEqualTo(3);
  }

  /* ---- the client leaves ---- */

  @Test
  void aClientThatLeavesBeforeTheAnswerEndsTheRequest() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    proxy.rawRunner(
        "patient",
        (connection, number) -> {
          connection.readHead();
          arrived.countDown();
          if (endOf(connection)) {
            ended.countDown();
          }
        });
    RawClient client = proxy.connect();
    client.send("GET /patient HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aClientThatLeavesAmidTheAnswerEndsTheRequest() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    proxy.rawRunner(
        "endless",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
          try {
            while (true) {
              connection.send("5\r\nhello\r\n");
            }
          } catch (IOException e) {
            ended.countDown();
          }
        });
    RawClient client = proxy.connect();
    client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    client.readHead();

    client.reset();

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aClientThatLeavesAmidItsBodyEndsTheRequest() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    proxy.rawRunner(
        "upload",
        (connection, number) -> {
          connection.readHead();
          connection.readFully(5);
          arrived.countDown();
          if (endOf(connection)) {
            ended.countDown();
          }
        });
    RawClient client = proxy.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhello");
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBodyThatIsNotWellFramedNeverEndsWellForTheRunner() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    proxy.rawRunner(
        "framed",
        (connection, number) -> {
          try {
            connection.readHead();
            begun.countDown();
            connection.readLine();
            connection.readFully(7);
            connection.readLine();
          } catch (IOException e) {
            ended.countDown();
          }
        });
    RawClient client = proxy.connect();
    client.sendHead("POST /framed HTTP/1.1", "Host: x", "Transfer-Encoding: chunked");
    client.send("5\r\nhello\r\n");
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    client.send("zz\r\n");

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean endOf(RawConnection connection) {
    try {
      return connection.readByte() < 0;
    } catch (IOException e) {
      return e instanceof SocketException;
    }
  }

  /** Makes the client's event loop hold an idle connection to the runner. */
  private static void sameLoop(RawClient client, String path) {
    assertThat(client.get(path).status()).isEqualTo(200);
  }
}
