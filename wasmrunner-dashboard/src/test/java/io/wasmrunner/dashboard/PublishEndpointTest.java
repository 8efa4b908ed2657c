package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetSocket;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.RequestFailed;
import io.wasmrunner.bus.RequestFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PublishEndpointTest {
  private static final int LIMIT = 1 << 20;
  private static TestingDashboard dashboard;

  @BeforeAll
  static void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.serveAll();
    dashboard.known();
  }

  @BeforeEach
  void forget() {
    dashboard.peers.published.clear();
    dashboard.peers.publishFailure = Optional.empty();
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  @Test
  void answersOnceTheMessageIsDurable() {
    TestingDashboard.Answer answer =
        dashboard.post("/__runner__/queues/orders.created", "{\"id\":1}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.map())
        .isEqualTo(
            Map.of(
                "queue",
                "orders.created",
                "subscribers",
                2,
                "message_count",
                1,
                "id",
                "message-1"));
    PublishCommand command = dashboard.peers.published.get(0);
    assertThat(command.queue()).isEqualTo("orders.created");
    assertThat(text(command)).isEqualTo("{\"id\":1}");
  }

  @Test
  void takesBytesAndMediaTypeAsTheyAre() {
    dashboard.post(
        "/__runner__/queues/q", "a=b&c=d", "Content-Type", "application/x-www-form-urlencoded");
    dashboard.post("/__runner__/queues/q", "");

    PublishCommand form = dashboard.peers.published.get(0);
    assertThat(form.contentType()).isEqualTo("application/x-www-form-urlencoded");
    assertThat(text(form)).isEqualTo("a=b&c=d");
    PublishCommand empty = dashboard.peers.published.get(1);
    assertThat(empty.contentType()).isEqualTo("application/json");
    assertThat(empty.body().size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/__runner__/queues/a/b/c,a/b/c",
    "/__runner__/queues/a%2Fb,a/b",
    "/__runner__/queues/%20a%20,a",
    "/__runner__/queues/a+b,a+b",
    "/__runner__/queues/clientes.a%C3%B1o,clientes.año",
    "/__runner__/queues/x/deliveries,x/deliveries"
  })
  void namesMayHoldAlmostAnything(String path, String name) {
    assertThat(dashboard.post(path, "{}").status()).isEqualTo(202);
    assertThat(dashboard.peers.published.get(0).queue()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/__runner__/queues/", "/__runner__/queues/%20", "/__runner__/queues/a%0Ab"})
  void refusesANameThatIsNone(String path) {
    TestingDashboard.Answer answer = dashboard.post(path, "{}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("invalid queue name");
    assertThat(dashboard.peers.published).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(RequestFailed.Reason.class)
  void failuresOfTheStoreReachThePublisher(RequestFailed.Reason reason) {
    dashboard.peers.publishFailure =
        Optional.of(new RequestFailedException(reason, "WR-4009", "no room", "Wait a little."));

    TestingDashboard.Answer answer = dashboard.post("/__runner__/queues/q", "{}");

    int expected =
        switch (reason) {
          case NOT_FOUND -> 404;
          case INVALID -> 400;
          case CONFLICT -> 409;
          case TOO_LARGE -> 413;
          case FULL -> 429;
          case UNAVAILABLE -> 503;
          case INTERNAL -> 500;
        };
    assertThat(answer.status()).isEqualTo(expected);
    assertThat(answer.json().getString("code")).isEqualTo("WR-4009");
    assertThat(answer.json().getString("fix")).isEqualTo("Wait a little.");
    if (expected == 429 || expected == 503) {
      assertThat(answer.header("Retry-After")).isEqualTo("1");
    }
  }

  /* ---- Bounds ---- */

  @Test
  void takesABodyAtTheBoundAndRefusesOneBeyondIt() {
    assertThat(dashboard.post("/__runner__/queues/q", "x".repeat(LIMIT)).status()).isEqualTo(202);
    assertThat(dashboard.peers.published.get(0).body().size()).isEqualTo(LIMIT);

    TestingDashboard.Answer answer = dashboard.post("/__runner__/queues/q", "x".repeat(LIMIT + 1));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().getString("code")).isEqualTo("WR-4203");
    assertThat(dashboard.peers.published).hasSize(1);
  }

  @Test
  void refusesABodyOfUnknownLengthOnceItIsTooLarge() {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String answer =
        dashboard.raw(
            "POST /__runner__/queues/q HTTP/1.1\r\nHost: localhost\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(17));

    assertThat(answer).startsWith("HTTP/1.1 413");
    assertThat(dashboard.peers.published).isEmpty();
  }

  @Test
  void refusesBodiesBeyondWhatAllMayHoldTogetherAndRecovers() {
    Vertx vertx = dashboard.vertx;
    BodyReader bodies = new BodyReader(vertx, 100, 150, Duration.ofSeconds(20));
    Promise<String> work = Promise.promise();
    List<Future<String>> results = new CopyOnWriteArrayList<>();
    int port = serve(bodies, work.future(), results);

    NetSocket first = connect(port);
    first.write(request(100, "x".repeat(100)));
    Awaitility.await().until(() -> bodies.held() == 100);
    NetSocket second = connect(port);
    second.write(request(100, "y".repeat(100)));

    Awaitility.await().until(() -> results.size() == 2 && results.get(1).failed());
    assertThat(results.get(1).cause()).hasMessageContaining("too many bodies");
    work.complete("done");
    Awaitility.await().until(() -> bodies.held() == 0);
    assertThat(results.get(0).result()).isEqualTo("done");
  }

  @Test
  void givesUpOnABodyThatDoesNotCome() {
    BodyReader bodies = new BodyReader(dashboard.vertx, 100, 100, Duration.ofMillis(50));
    List<Future<String>> results = new CopyOnWriteArrayList<>();
    int port = serve(bodies, Future.succeededFuture("never"), results);

    connect(port).write(request(100, "only a part"));

    Awaitility.await().until(() -> results.size() == 1 && results.get(0).isComplete());
    assertThat(results.get(0).cause()).isInstanceOf(Problem.class);
    assertThat(((Problem) results.get(0).cause()).status()).isEqualTo(408);
    assertThat(bodies.held()).isZero();
  }

  private static String text(PublishCommand command) {
    return new String(command.body().toByteArray(), StandardCharsets.UTF_8);
  }

  private static int serve(BodyReader bodies, Future<String> work, List<Future<String>> results) {
    HttpServer server =
        TestingDashboard.get(
            dashboard
                .vertx
                .createHttpServer()
                .requestHandler(request -> results.add(bodies.read(request, body -> work)))
                .listen(0, "127.0.0.1"));
    return server.actualPort();
  }

  private static NetSocket connect(int port) {
    return TestingDashboard.get(dashboard.sockets.connect(port, "127.0.0.1"));
  }

  private static String request(int length, String body) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n" + body;
  }
}
