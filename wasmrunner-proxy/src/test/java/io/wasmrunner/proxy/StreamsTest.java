package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** WebSockets and event streams. */
final class StreamsTest {
  private static TestingProxy proxy;
  private static WebSocketClient webSockets;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    webSockets = proxy.vertx().createWebSocketClient();
    HttpServer server =
        proxy
            .vertx()
            .createHttpServer()
            .webSocketHandler(
                socket -> {
                  socket.textMessageHandler(
                      text -> socket.writeTextMessage("you said " + text + " at " + socket.uri()));
                  socket.binaryMessageHandler(socket::writeBinaryMessage);
                });
    TestingProxy.await(server.listen(0, "127.0.0.1"));
    proxy.runtime().serve(TestingRuntime.route("ws", server.actualPort()));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static WebSocket open(String uri) {
    return TestingProxy.await(
        webSockets.connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(proxy.proxy().entryPoint().getPort())
                .setURI(uri)));
  }

  @Test
  void webSocketMessagesPassBothWays() {
    WebSocket socket = open("/ws/chat?room=1");
    List<String> texts = new CopyOnWriteArrayList<>();
    List<Buffer> binaries = new CopyOnWriteArrayList<>();
    socket.textMessageHandler(texts::add);
    socket.binaryMessageHandler(binaries::add);
    Buffer large = Buffer.buffer(new byte[200_000]);

    socket.writeTextMessage("hello");
    socket.writeBinaryMessage(large);

    await()
        .untilAsserted(
            () -> {
              assertThat(texts).containsExactly("you said hello at /chat?room=1");
              assertThat(binaries).containsExactly(large);
            });
    TestingProxy.await(socket.close());
  }

  @Test
  void aRunnerThatEndsAWebSocketEndsItForTheClient() throws Exception {
    proxy.rawRunner(
        "bye",
        (connection, number) -> {
          upgrade(connection);
          connection.send("from runner");
          connection.close();
        });
    RawClient client = upgraded("/bye");

    assertThat(client.readFully(11)).asString().isEqualTo("from runner");
    assertThat(client.readByte()).isEqualTo(-1);
  }

  @Test
  void aClientThatLeavesAWebSocketLeavesTheRunner() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    proxy.rawRunner(
        "left",
        (connection, number) -> {
          upgrade(connection);
          connection.readFully(2);
          if (connection.readByte() < 0) {
            left.countDown();
          }
        });
    RawClient client = upgraded("/left");
    client.send("hi");

    client.close();

    assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void bytesThatComeWithTheUpgradeAreNotLost() throws Exception {
    proxy.rawRunner(
        "eager",
        (connection, number) -> {
          connection.readHead();
          connection.send(
              String.join(
                  "\r\n",
                  "HTTP/1.1 101 Switching Protocols",
                  "Upgrade: websocket",
                  "Connection: Upgrade",
                  "",
                  "right away"));
          connection.readByte();
        });

    assertThat(upgraded("/eager").readFully(10)).asString().isEqualTo("right away");
  }

  @Test
  void aRunnerThatDeclinesTheUpgradeIsHeard() throws Exception {
    proxy.rawRunner(
        "declines",
        (connection, number) -> {
          while (true) {
            connection.readHead();
            connection.sendHead("HTTP/1.1 403 Forbidden", "Content-Length: 2").send("no");
          }
        });
    RawClient client = proxy.connect();
    client.send(upgradeRequest("/declines"));

    Message answer = client.read();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).isEqualTo("no");
  }

  @Test
  void theUpgradeReachesTheRunnerWhole() throws Exception {
    BlockingQueue<Message> heads = new LinkedBlockingQueue<>();
    proxy.rawRunner(
        "whole",
        (connection, number) -> {
          heads.add(connection.readHead());
          connection.readByte();
        });
    proxy.connect().send(upgradeRequest("/whole"));

    Message head = heads.poll(60, TimeUnit.SECONDS);
    assertThat(head.all("Upgrade")).containsExactly("websocket");
    assertThat(head.all("Connection")).containsExactly("Upgrade");
    assertThat(head.all("Sec-WebSocket-Key")).containsExactly("dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
  }

  @Test
  void aWebSocketHoldsAFastRunnerBack() throws Exception {
    AtomicLong produced = new AtomicLong();
    long total = 200_000_000;
    proxy.rawRunner(
        "flood",
        (connection, number) -> {
          upgrade(connection);
          while (produced.get() < total) {
            connection.send(new byte[100_000]);
            produced.addAndGet(100_000);
          }
          connection.close();
        });
    RawClient client = upgraded("/flood");

    assertThat(BodiesTest.settled(produced)).isLessThan(50_000_000);
    for (long left = total; left > 0; left -= 1_000_000) {
      client.readFully(1_000_000);
    }
    assertThat(client.readByte()).isEqualTo(-1);
  }

  @Test
  void whatARunnerSaysLastReachesASlowClient() throws Exception {
    AtomicLong produced = new AtomicLong();
    CountDownLatch enough = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    proxy.rawRunner(
        "last",
        (connection, number) -> {
          upgrade(connection);
          while (enough.getCount() > 0) {
            connection.send(new byte[100_000]);
            produced.addAndGet(100_000);
          }
          connection.socket().shutdownOutput();
          connection.readByte(); // Until the proxy has seen that.
          ended.countDown();
        });
    RawClient client = upgraded("/last");
    BodiesTest.settled(produced);
    enough.countDown();
    // Reads no faster than it must, so that the end is seen while much is still to be passed on.
    long read = 0;
    while (!ended.await(10, TimeUnit.MILLISECONDS) && read < produced.get() - 1_000_000) {
      read += client.readFully(50_000).length;
    }

    assertThat(read + client.readRest().length).isEqualTo(produced.get());
  }

  @Test
  void aQuietWebSocketEndsAfterTheIdleTime() throws Exception {
    RawRunner runner =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  upgrade(connection);
                  connection.readByte();
                }));
    Timeouts timeouts =
        new Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ZERO);
    proxy
        .runtime()
        .serve(TestingRuntime.with(TestingRuntime.route("quiet", runner.port()), timeouts));

    RawClient client = upgraded("/quiet");
    assertThat(client.readFully(4)).containsExactly(0x88, 2, 0x03, 0xe9); // Close, going away
    assertThat(client.readByte()).isEqualTo(-1);
  }

  /* ---- event streams ---- */

  @Test
  void eventsArriveWhenTheyAreSent() throws Exception {
    CountDownLatch next = new CountDownLatch(1);
    proxy.rawRunner(
        "events",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead(
              "HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
          next.await();
          connection.send("9\r\ndata: 1\n\n\r\n");
          connection.readByte();
        });
    RawClient client = proxy.connect();
    client.send("GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");

    // The head must not wait for the first event.
    Message head = client.readHead();
    assertThat(head.all("Content-Type")).containsExactly("text/event-stream");
    next.countDown();
    assertThat(client.readLine()).isEqualTo("9");
    assertThat(client.readLine()).isEqualTo("data: 1");
  }

  @Test
  void eventStreamsThatEndWithTheConnectionArriveToo() throws Exception {
    CountDownLatch next = new CountDownLatch(1);
    proxy.rawRunner(
        "oldevents",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead("HTTP/1.0 200 OK", "Content-Type: text/event-stream");
          next.await();
          connection.send("data: 1\n\n");
          connection.readByte();
        });
    RawClient client = proxy.connect();
    client.send("GET /oldevents HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(client.readHead().status()).isEqualTo(200);
    next.countDown();
    assertThat(client.readLine()).isEqualTo("9");
    assertThat(client.readLine()).isEqualTo("data: 1");
  }

  private static String upgradeRequest(String path) {
    return String.join(
        "\r\n",
        "GET " + path + " HTTP/1.1",
        "Host: x",
        "Connection: keep-alive, Upgrade",
        "Upgrade: WebSocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "",
        "");
  }

  private static RawClient upgraded(String path) throws IOException {
    RawClient client = proxy.connect();
    client.send(upgradeRequest(path));
    Message head = client.readHead();
    assertThat(head.status()).isEqualTo(101);
    assertThat(head.all("Connection")).containsExactly("Upgrade");
    assertThat(head.all("Upgrade")).containsExactly("websocket");
    return client;
  }

  private static void upgrade(RawConnection connection) throws IOException {
    connection.readHead();
    connection.sendHead(
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }
}
