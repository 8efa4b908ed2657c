package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.wasmrunner.proxy.RawConnection.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our forwarder and vertx-web-proxy: the same requests, the same answers. */
final class ForwarderComparisonTest {
  /** Theirs adds these to every answer. */
  private static final Set<String> DIFFERENT = Set.of("date", "warning", "x-request-id");

  private static TestingProxy ours;
  private static TestingProxy theirs;

  /** Referred to, for one that is not is closed some time, and its sockets with it. */
  private static final Map<TestingProxy, WebSocketClient> CLIENTS = new HashMap<>();

  @BeforeAll
  static void start() {
    ours = TestingProxy.start();
    theirs = TestingProxy.start(options -> options.withForwarder(ForwarderKind.VERTX_WEB_PROXY));
    for (TestingProxy proxy : List.of(ours, theirs)) {
      proxy.runner("app", ForwarderComparisonTest::answer);
    }
  }

  @AfterAll
  static void stop() {
    ours.close();
    theirs.close();
  }

  /** Tells what arrived, in the way the path asks for. */
  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              String seen =
                  String.join(
                      "|",
                      request.method().name(),
                      request.uri(),
                      String.valueOf(request.getHeader("X-Given")),
                      String.valueOf(request.getHeader("Content-Type")),
                      String.valueOf(request.getHeader("Connection")),
                      String.valueOf(request.getHeader("TE")),
                      String.valueOf(body.toString("ISO-8859-1").hashCode()));
              request.response().putHeader("X-Seen", seen).putHeader("Set-Cookie", "a=1");
              switch (request.path()) {
                case "/chunked" -> request.response().setChunked(true).end(body);
                case "/204" -> request.response().setStatusCode(204).end();
                case "/500" -> request.response().setStatusCode(500).end("failed");
                case "/302" ->
                    request.response().setStatusCode(302).putHeader("Location", "/x").end();
                default -> request.response().putHeader("Content-Type", "a/b").end(body);
              }
            });
  }

  private record Call(String line, List<String> headers, int bodySize, boolean chunked) {}

  static Stream<Call> calls() {
    Random random = new Random(42);
    // Not 304: theirs says Transfer-Encoding there, and clients wait for a body.
    List<String> paths = List.of("/", "/x?y=%20", "/chunked", "/204", "/500", "/302", "/a%2Fb//c");
    return Stream.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CUSTOM")
        .flatMap(
            method ->
                paths.stream()
                    .map(
                        path ->
                            new Call(
                                method + " /app" + path,
                                List.of(
                                    "X-Given: " + random.nextInt(),
                                    "Content-Type: c/d",
                                    "Keep-Alive: 1"),
                                method.startsWith("P") ? random.nextInt(100_000) : 0,
                                random.nextBoolean())));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void bothAnswerAlike(Call call) throws Exception {
    Message our = run(ours, call);
    Message their = run(theirs, call);

    assertThat(our.startLine()).isEqualTo(their.startLine());
    assertThat(our.text()).isEqualTo(their.text());
    assertThat(headers(our)).isEqualTo(headers(their));
  }

  private static Message run(TestingProxy proxy, Call call) throws Exception {
    byte[] body = new byte[call.bodySize()];
    new Random(call.bodySize()).nextBytes(body);
    Buffer request = Buffer.buffer(call.line() + " HTTP/1.1\r\nHost: x\r\n");
    call.headers().forEach(header -> request.appendString(header + "\r\n"));
    if (call.bodySize() == 0) {
      request.appendString("\r\n");
    } else if (call.chunked()) {
      request
          .appendString("Transfer-Encoding: chunked\r\n\r\n")
          .appendString(Integer.toHexString(body.length) + "\r\n")
          .appendBytes(body)
          .appendString("\r\n0\r\n\r\n");
    } else {
      request.appendString("Content-Length: " + body.length + "\r\n\r\n").appendBytes(body);
    }
    RawClient client = proxy.connect();
    client.send(request.getBytes());
    return call.line().startsWith("HEAD") ? client.readHead() : client.read();
  }

  private static List<String> headers(Message message) {
    return message.headers().stream()
        .map(
            header -> {
              int colon = header.indexOf(':');
              return header.substring(0, colon).toLowerCase(Locale.ROOT) + header.substring(colon);
            })
        .filter(header -> !DIFFERENT.contains(header.substring(0, header.indexOf(':'))))
        .sorted()
        .toList();
  }

  @Test
  void bothPassWebSockets() throws Exception {
    for (TestingProxy proxy : List.of(ours, theirs)) {
      serveWebSockets(proxy);
      WebSocket socket = TestingProxy.await(connect(proxy));
      CompletableFuture<Buffer> echo = new CompletableFuture<>();
      socket.binaryMessageHandler(echo::complete);
      Buffer large = Buffer.buffer(new byte[200_000]);

      TestingProxy.await(socket.writeBinaryMessage(large));

      assertThat(echo.get(60, TimeUnit.SECONDS)).isEqualTo(large);
      TestingProxy.await(socket.close());
    }
  }

  @Test
  void aWebSocketThatIsOverIsNotUnderWay() {
    ProxyLimits one =
        new ProxyLimits(
            1,
            0,
            1024,
            8,
            256,
            ProxyLimits.DEFAULT.clientIdle(),
            Duration.ofSeconds(30),
            1,
            ProxyLimits.DEFAULT.heldBodyBytes());
    try (TestingProxy proxy =
        TestingProxy.start(
            options ->
                options
                    .withEventLoops(1)
                    .withLimits(one)
                    .withForwarder(ForwarderKind.VERTX_WEB_PROXY))) {
      serveWebSockets(proxy);
      for (int i = 0; i < 3; i++) {
        WebSocket socket =
            Awaitility.await()
                .ignoreExceptions()
                .until(() -> TestingProxy.await(connect(proxy)), Objects::nonNull);
        TestingProxy.await(socket.close());
      }
    }
  }

  private static void serveWebSockets(TestingProxy proxy) {
    HttpServer server =
        proxy
            .vertx()
            .createHttpServer()
            .webSocketHandler(socket -> socket.binaryMessageHandler(socket::writeBinaryMessage));
    TestingProxy.await(server.listen(0, "127.0.0.1"));
    proxy.runtime().serve(TestingRuntime.route("ws", server.actualPort()));
  }

  private static Future<WebSocket> connect(TestingProxy proxy) {
    return CLIENTS
        .computeIfAbsent(proxy, each -> each.vertx().createWebSocketClient())
        .connect(proxy.proxy().entryPoint().getPort(), "127.0.0.1", "/ws");
  }

  @Test
  void theReferenceFailsOverAndRefusesLikeOurs() {
    for (TestingProxy proxy : List.of(ours, theirs)) {
      TestingRunner alive =
          proxy.owned(TestingRunner.start(proxy.vertx(), request -> request.response().end("ok")));
      proxy
          .runtime()
          .serve(
              TestingRuntime.route("half", RawRunner.refusedPort(), alive.port()),
              TestingRuntime.route("dead", RawRunner.refusedPort()),
              TestingRuntime.route("none"));
      for (int i = 0; i < 4; i++) {
        assertThat(proxy.connect().get("/half").text()).isEqualTo("ok");
      }
      assertThat(proxy.connect().get("/dead").status()).isEqualTo(502);
      assertThat(proxy.connect().get("/none").status()).isEqualTo(503);
      assertThat(proxy.connect().get("/nothing").status()).isEqualTo(404);
    }
  }
}
