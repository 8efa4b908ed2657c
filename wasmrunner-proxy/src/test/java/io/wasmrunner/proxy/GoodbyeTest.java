package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How WebSockets and event streams end when the entry point or their runner does. */
final class GoodbyeTest {
  private TestingProxy proxy;
  private final BlockingQueue<byte[]> atRunner = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() {
    proxy = TestingProxy.start(options -> options.withDrainTimeout(Duration.ofSeconds(20)));
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  /** A WebSocket whose runner sends a frame of five bytes, and answers Close with Close. */
  private RawRunner chat(byte[] first) {
    return proxy.owned(
        RawRunner.start(
            (connection, number) -> {
              connection.readHead();
              connection.sendHead(
                  "HTTP/1.1 101 Switching Protocols",
                  "Upgrade: websocket",
                  "Connection: Upgrade",
                  "Sec-WebSocket-Accept: x");
              connection.send(first);
              byte[] close = connection.readFully(8);
              atRunner.add(close);
              connection.send(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe8});
              connection.readByte();
            }));
  }

  private RawClient upgraded(String path) throws IOException {
    RawClient client = proxy.connect();
    client.sendHead(
        "GET " + path + " HTTP/1.1",
        "Host: x",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(client.readHead().status()).isEqualTo(101);
    return client;
  }

  private static byte[] text(String text) {
    byte[] frame = new byte[2 + text.length()];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) text.length();
    for (int i = 0; i < text.length(); i++) {
      frame[2 + i] = (byte) text.charAt(i);
    }
    return frame;
  }

  private void assertRunnerWasTold() throws InterruptedException {
    byte[] close = atRunner.poll(60, TimeUnit.SECONDS);
    assertThat(close).startsWith((byte) 0x88, (byte) 0x82);
    int status = ((close[6] ^ close[2]) & 0xff) << 8 | ((close[7] ^ close[3]) & 0xff);
    assertThat(status).isEqualTo(1001);
  }

  @Test
  void bothEndsOfAWebSocketAreToldWhenTheEntryPointCloses() throws Exception {
    RawRunner runner = chat(text("hello"));
    proxy.runtime().serve(TestingRuntime.route("chat", runner.port()));
    RawClient client = upgraded("/chat");
    assertThat(client.readFully(7)).endsWith((byte) 'l', (byte) 'o');

    Future<Void> closing = proxy.proxy().close();

    assertThat(client.readFully(4)).containsExactly(0x88, 2, 0x03, 0xe9);
    client.send(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe9});
    assertThat(client.readByte()).isEqualTo(-1);
    assertRunnerWasTold();
    TestingProxy.await(closing);
  }

  @Test
  void aFrameUnderWayIsNotTornApart() throws Exception {
    byte[] whole = text("0123456789");
    RawRunner runner =
        proxy.owned(
            RawRunner.start(
                (connection, number) -> {
                  connection.readHead();
                  connection.sendHead(
                      "HTTP/1.1 101 Switching Protocols",
                      "Upgrade: websocket",
                      "Connection: Upgrade");
                  connection.send(java.util.Arrays.copyOf(whole, 6));
                  connection.readFully(8); // Its own Close: the other direction is told at once.
                  connection.send(java.util.Arrays.copyOfRange(whole, 6, whole.length));
                  connection.send(text("never"));
                  connection.readByte();
                }));
    proxy.runtime().serve(TestingRuntime.route("torn", runner.port()));
    RawClient client = upgraded("/torn");
    client.readFully(6);

    Future<Void> closing = proxy.proxy().close();

    assertThat(client.readFully(6)).asString().isEqualTo("456789");
    assertThat(client.readFully(4)).containsExactly(0x88, 2, 0x03, 0xe9);
    // This client says nothing to it: it is not waited for without end.
    assertThat(client.readByte()).isEqualTo(-1);
    TestingProxy.await(closing);
  }

  @Test
  void aRunnerThatIsReplacedLetsItsWebSocketsGoAndOthersStay() throws Exception {
    RawRunner old = chat(text("hello"));
    RawRunner other = chat(text("other"));
    proxy
        .runtime()
        .serve(
            TestingRuntime.route("chat", old.port()), TestingRuntime.route("other", other.port()));
    RawClient leaving = upgraded("/chat");
    RawClient staying = upgraded("/other");
    leaving.readFully(7);
    staying.readFully(7);

    proxy
        .runtime()
        .serve(
            TestingRuntime.with(
                TestingRuntime.route("chat", old.port()),
                TestingRuntime.upstream("chat", 0, 2, old.port(), true)));

    assertThat(leaving.readFully(4)).containsExactly(0x88, 2, 0x03, 0xe9);
    assertRunnerWasTold();
    staying.socket().setSoTimeout(300);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(staying::readByte))
        .isInstanceOf(java.net.SocketTimeoutException.class);
    await()
        .untilAsserted(() -> assertThat(proxy.runtime().requestsUnderWay("chat", 0, 1)).isZero());
  }

  /* ---- event streams ---- */

  private void events() {
    proxy.rawRunner(
        "events",
        (connection, number) -> {
          connection.readHead();
          connection.sendHead(
              "HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
          connection.send("9\r\ndata: 1\n\n\r\n");
          connection.readByte();
        });
  }

  @Test
  void anEventStreamEndsAsAWhole() throws Exception {
    events();
    RawClient client = proxy.connect();
    client.sendHead("GET /events HTTP/1.1", "Host: x");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readLine()).isEqualTo("9");

    long began = System.nanoTime();
    Future<Void> closing = proxy.proxy().close();

    assertThat(new String(client.readRest(), java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("data: 1\n\n\r\n0\r\n\r\n");
    TestingProxy.await(closing);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void anEventStreamInHttp2EndsAsAWholeAndTheConnectionGoesAway() throws Exception {
    events();
    try (RawHttp2Client client =
        new RawHttp2Client(new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
      client.request(1, true, RawHttp2Client.get("/events"));
      assertThat(client.headers(client.read()).status()).hasToString("200");
      assertThat(client.read().text()).isEqualTo("data: 1\n\n");

      Future<Void> closing = proxy.proxy().close();

      boolean ended = false;
      boolean away = false;
      while (!ended || !away) {
        RawHttp2Client.Frame frame = client.read();
        ended |=
            frame.type() == RawHttp2Client.DATA && (frame.flags() & RawHttp2Client.END_STREAM) != 0;
        away |= frame.type() == RawHttp2Client.GOAWAY && frame.error() == 0;
      }
      TestingProxy.await(closing);
    }
  }

  @Test
  void eventStreamsOfOtherServicesSurviveAReload() throws Exception {
    events();
    RawClient client = proxy.connect();
    client.sendHead("GET /events HTTP/1.1", "Host: x");
    Message head = client.readHead();
    assertThat(head.status()).isEqualTo(200);
    client.readLine();
    client.readLine();
    client.readLine();
    client.readLine();

    proxy.runtime().serve(TestingRuntime.route("another", RawRunner.refusedPort()));
    proxy.runtime().remove("another");

    client.socket().setSoTimeout(300);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(client::readByte))
        .isInstanceOf(java.net.SocketTimeoutException.class);
  }
}
