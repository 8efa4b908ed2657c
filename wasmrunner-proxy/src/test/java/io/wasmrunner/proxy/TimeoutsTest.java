package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TimeoutsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static RawRunner serve(String service, Timeouts timeouts, RawRunner.Script script) {
    return serve(proxy, service, timeouts, script);
  }

  private static RawRunner serve(
      TestingProxy proxy, String service, Timeouts timeouts, RawRunner.Script script) {
    RawRunner runner = proxy.owned(RawRunner.start(script));
    proxy
        .runtime()
        .serve(TestingRuntime.with(TestingRuntime.route(service, runner.port()), timeouts));
    return runner;
  }

  private static void assertProblem(Message message, int status, String code) {
    assertThat(message.status()).as(message.text()).isEqualTo(status);
    assertThat(new JsonObject(message.text()).getString("code")).isEqualTo(code);
  }

  @Test
  void aRunnerThatDoesNotAnswerIsA504AndItsConnectionIsClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    serve(
        "silent",
        new Timeouts(LONG, SHORT, LONG, Duration.ZERO),
        (connection, number) -> {
          connection.readHead();
          if (connection.readByte() < 0) {
            closed.countDown();
          }
        });

    long before = System.nanoTime();
    assertProblem(proxy.connect().get("/silent"), 504, "WR-3305");

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(SHORT);
    assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theFirstByteIsAwaitedFromTheEndOfTheRequest() throws Exception {
    serve(
        "upload",
        new Timeouts(LONG, SHORT, LONG, Duration.ZERO),
        (connection, number) -> {
          connection.read();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    TestingTicker ticker = new TestingTicker();
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      RawRunner runner =
          serve(
              proxy,
              "upload",
              new Timeouts(LONG, SHORT, LONG, Duration.ZERO),
              (connection, number) -> {
                connection.read();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              });
      RawClient client = proxy.connect();
      client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nxxx");
      Awaitility.await().until(() -> runner.connections() == 1);
      ticker.pass(SHORT.multipliedBy(2));
      client.send("x");

      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void aSlowAnswerIsFineAsLongAsBytesMove() throws Exception {
    TestingTicker ticker = new TestingTicker();
    Semaphore pieces = new Semaphore(0);
    try (TestingProxy proxy = TestingProxy.start(ticker)) {
      serve(
          proxy,
          "drip",
          new Timeouts(LONG, LONG, SHORT, Duration.ZERO),
          (connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
            for (int i = 0; i < 4; i++) {
              pieces.acquire();
              connection.send("x");
            }
          });
      RawClient client = proxy.connect();
      client.send("GET /drip HTTP/1.1\r\nHost: x\r\n\r\n");
      client.readHead();
      for (int i = 0; i < 4; i++) {
        ticker.pass(SHORT.multipliedBy(2).dividedBy(3)); // longer than idle in sum
        pieces.release();

        assertThat(client.readByte()).isEqualTo('x');
      }
    }
  }

  @Test
  void anAnswerThatStallsIsBrokenOff() throws Exception {
    serve(
        "stalls",
        new Timeouts(LONG, LONG, SHORT, Duration.ZERO),
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
          connection.readByte();
        });
    RawClient client = proxy.connect();
    client.send("GET /stalls HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThatThrownBy(client::read).isInstanceOfAny(EOFException.class, SocketException.class);
  }

  @Test
  void aClientThatStopsReadingIsBrokenOff() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    serve(
        "unread",
        new Timeouts(LONG, LONG, SHORT, Duration.ZERO),
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          try {
            while (true) {
              connection.send(new byte[100_000]);
            }
          } catch (IOException e) {
            ended.countDown();
          }
        });
    RawClient client = proxy.connect();
    client.send("GET /unread HTTP/1.1\r\nHost: x\r\n\r\n");
    client.readHead();

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aClientThatStopsSendingIsA408() throws Exception {
    serve(
        "waiting",
        new Timeouts(LONG, LONG, SHORT, Duration.ZERO),
        (connection, number) -> connection.read());
    RawClient client = proxy.connect();
    client.send("POST /waiting HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");

    assertProblem(client.read(), 408, "WR-3307");
  }

  @Test
  void theWholeExchangeHasALimit() {
    serve(
        "forever",
        new Timeouts(LONG, LONG, LONG, SHORT),
        (connection, number) -> {
          connection.readHead();
          connection.readByte();
        });

    assertProblem(proxy.connect().get("/forever"), 504, "WR-3306");
  }

  @Test
  void theWholeExchangeHasALimitAmidTheAnswerToo() throws Exception {
    serve(
        "dribbles",
        new Timeouts(LONG, LONG, LONG, SHORT),
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          while (true) {
            connection.send("x");
          }
        });
    RawClient client = proxy.connect();
    client.send("GET /dribbles HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThatThrownBy(client::read).isInstanceOfAny(EOFException.class, SocketException.class);
  }

  @Test
  void aRunnerThatDoesNotAcceptIsA504AndSuspected() throws Exception {
    RawRunner deaf = proxy.owned(RawRunner.deaf(1));
    // Its queue is filled until the system drops what comes.
    for (int i = 0; i < 4; i++) {
      Socket filler = new Socket();
      proxy.owned(filler);
      try {
        filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), deaf.port()), 200);
      } catch (SocketTimeoutException full) {
        break;
      }
    }
    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.route("deaf", deaf.port()),
                new Timeouts(SHORT, LONG, LONG, Duration.ZERO)));

    assertProblem(proxy.connect().get("/deaf"), 504, "WR-3304");

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(proxy.runtime().suspected())
                    .anyMatch(suspected -> suspected.runner().service().equals("deaf")));
  }
}
