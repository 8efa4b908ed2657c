package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.proxy.RawConnection.Message;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadersTest {
  private static final BlockingQueue<Message> RECEIVED = new LinkedBlockingQueue<>();
  private static volatile String[] answer = {};
  private static TestingProxy proxy;
  private static RawRunner runner;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    runner =
        proxy.rawRunner(
            "raw",
            (connection, number) -> {
              while (true) {
                RECEIVED.add(connection.read());
                connection.sendHead(answer).send("ok");
              }
            });
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @BeforeEach
  void plainAnswer() {
    RECEIVED.clear();
    answer("HTTP/1.1 200 OK", "Content-Length: 2");
  }

  private static void answer(String... head) {
    answer = head;
  }

  private static Message received() throws InterruptedException {
    return RECEIVED.poll(60, TimeUnit.SECONDS);
  }

  /* ---- request ---- */

  @Test
  void headersOfTheRequestReachTheRunner() throws Exception {
    proxy
        .connect()
        .get(
            "/raw/x",
            "Accept: a/b",
            "accept: c/d",
            "X-Mixed-Case: ä value, with \"all\" kinds",
            "Cookie: a=1; b=2",
            "Authorization: Bearer token",
            "X-Empty:");

    Message request = received();
    assertThat(request.startLine()).isEqualTo("GET /x HTTP/1.1");
    assertThat(request.all("accept")).containsExactly("a/b", "c/d");
    assertThat(request.headers())
        .contains("X-Mixed-Case: ä value, with \"all\" kinds")
        .contains("Cookie: a=1; b=2", "Authorization: Bearer token");
    assertThat(request.all("X-Empty")).containsExactly("");
  }

  @Test
  void hopHeadersOfTheRequestStayHere() throws Exception {
    proxy
        .connect()
        .get(
            "/raw/x",
            "Connection: X-Private , keep-alive,TE",
            "Connection: x-other",
            "X-Private: 1",
            "x-other: 2",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "Proxy-Authorization: Basic abc",
            "Proxy-Authenticate: Basic",
            "TE: trailers",
            "Trailer: X-Later",
            "Upgrade: h2c",
            "HTTP2-Settings: abc",
            "X-Forwarded-Ssl: on",
            "X-Forwarded-Uri: /other",
            "X_Forwarded_By: x",
            "X-Forwarded-Something-Else: x",
            "X-Stays: 3");

    Message request = received();
    assertThat(request.headers().stream().map(HeadersTest::name))
        .containsExactlyInAnyOrder(
            "host",
            "http2-settings",
            "x-stays",
            "te",
            "connection",
            "x-real-ip",
            "x-request-id",
            "traceparent",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "forwarded",
            "via");
  }

  @Test
  void whatIsForEverybodyPassesThoughConnectionNamesIt() throws Exception {
    proxy
        .connect()
        .call(
            "PUT /raw/x",
            "Connection: close, Authorization, content-type, Cookie, x-private",
            "Content-Length: 4",
            "Authorization: Bearer token",
            "Content-Type: text/plain",
            "Cookie: a=1",
            "X-Private: 1",
            "\r\nbody");

    Message request = received();
    assertThat(request.text()).isEqualTo("body");
    assertThat(request.headers())
        .contains("Authorization: Bearer token", "Content-Type: text/plain", "Cookie: a=1");
    assertThat(request.all("X-Private")).isEmpty();
  }

  @Test
  void theRunnerIsAddressedByItsOwnHostAndToldTheClientsView() throws Exception {
    proxy.connect().get("/raw/x");

    Message request = received();
    assertThat(request.all("Host")).containsExactly("127.0.0.1:" + runner.port());
    assertThat(request.all("X-Forwarded-Host")).containsExactly("test.local");
    assertThat(request.all("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(request.all("X-Forwarded-Proto")).containsExactly("http");
    assertThat(request.all("Forwarded"))
        .containsExactly("for=127.0.0.1;host=\"test.local\";proto=http");
    assertThat(request.all("Via")).containsExactly("1.1 wasmrunner");
  }

  @Test
  void theInnerTokenNeverReachesAService() throws Exception {
    proxy.connect().get("/raw/x", "wr-inner-token: " + proxy.proxy().innerToken());

    assertThat(received().all("WR-Inner-Token")).isEmpty();
  }

  @Test
  void aHostCannotForgeForwarded() throws Exception {
    RawClient client = proxy.connect();
    client.send("GET /raw/x HTTP/1.1\r\nHost: a;for=1.2.3.4\r\n\r\n");
    client.read();

    assertThat(received().all("Forwarded"))
        .containsExactly("for=127.0.0.1;host=\"a;for=1.2.3.4\";proto=http");
  }

  /* ---- answer ---- */

  @Test
  void headersOfTheAnswerReachTheClient() {
    answer(
        "HTTP/1.1 207 Many Things",
        "Set-Cookie: a=1",
        "set-cookie: b=2",
        "Server: guest",
        "Date: yesterday",
        "X-Latin: é",
        "Content-Length: 2");

    Message message = proxy.connect().get("/raw/x");

    assertThat(message.startLine()).isEqualTo("HTTP/1.1 207 Many Things");
    assertThat(message.all("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(message.headers()).contains("Server: guest", "Date: yesterday", "X-Latin: é");
    assertThat(message.text()).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\u001b", "\u007f"})
  void aReasonThatIsNoTextStaysHere(String control) {
    answer("HTTP/1.1 200 Fine" + control + "Set-Cookie: a=1", "Content-Length: 2");

    assertThat(proxy.connect().get("/raw/x").startLine()).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void hopHeadersOfTheAnswerStayHere() {
    answer(
        "HTTP/1.1 200 OK",
        "Connection: x-private, keep-alive",
        "X-Private: 1",
        "Keep-Alive: timeout=5",
        "Proxy-Authenticate: Basic",
        "Trailer: X",
        "Upgrade: h2c",
        "X-Stays: 2",
        "Content-Length: 2");

    assertThat(proxy.connect().get("/raw/x").headers().stream().map(HeadersTest::name))
        .containsExactlyInAnyOrder(
            "x-stays", "content-length", "x-wasmrunner-runner", "x-request-id");
  }

  @Test
  void anAnswerIsWholeThoughConnectionNamesItsLength() {
    answer(
        "HTTP/1.1 200 OK",
        "Connection: close, Content-Length, Content-Type, transfer-encoding, x-private",
        "Content-Length: 2",
        "Content-Type: text/plain",
        "X-Private: 1");

    Message message = proxy.connect().get("/raw/x");

    assertThat(message.text()).isEqualTo("ok");
    assertThat(message.headers()).contains("Content-Length: 2", "Content-Type: text/plain");
    assertThat(message.all("X-Private")).isEmpty();
  }

  @Test
  void theRunnerIsNamedAndCannotPretendToBeAnother() {
    answer("HTTP/1.1 200 OK", "x-wasmrunner-runner: other/9", "Content-Length: 2");

    assertThat(proxy.connect().get("/raw/x").all("X-Wasmrunner-Runner")).containsExactly("raw/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"301", "302", "307", "308"})
  void redirectsAreNotFollowed(String status) {
    answer("HTTP/1.1 " + status + " Moved", "Location: http://127.0.0.1:1/", "Content-Length: 2");

    Message message = proxy.connect().get("/raw/x");

    assertThat(message.status()).isEqualTo(Integer.parseInt(status));
    assertThat(message.all("Location")).containsExactly("http://127.0.0.1:1/");
  }

  @Test
  void aLargeHeaderOfTheAnswerPasses() {
    String large = "x".repeat(40_000);
    answer("HTTP/1.1 200 OK", "X-Large: " + large, "Content-Length: 2");

    assertThat(proxy.connect().get("/raw/x").all("X-Large")).containsExactly(large);
  }

  private static String name(String header) {
    return header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
  }
}
