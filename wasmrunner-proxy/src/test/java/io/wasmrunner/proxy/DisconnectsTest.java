package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Clients and runners leave at every point, and nothing stays behind: no connection, no request
 * under way, no buffer.
 */
final class DisconnectsTest {
  private static final int TIMES = 5;
  private static final ListAppender<ILoggingEvent> LEAKS = new ListAppender<>();
  private static final AtomicInteger AT_RUNNERS = new AtomicInteger();
  private static ResourceLeakDetector.Level before;
  private static TestingProxy proxy;
  private static volatile CountDownLatch asked;

  @BeforeAll
  static void start() {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    LEAKS.start();
    leakLog().addAppender(LEAKS);
    ProxyLimits usual = ProxyLimits.DEFAULT;
    proxy =
        TestingProxy.start(
            options ->
                options
                    .withEventLoops(1)
                    .withLimits(
                        new ProxyLimits(
                            2,
                            2,
                            usual.maxHeaderBytes(),
                            usual.maxHeaderFields(),
                            usual.maxLineBytes(),
                            usual.clientIdle(),
                            usual.runnerIdle(),
                            usual.endpointNames(),
                            ProxyLimits.DEFAULT.heldBodyBytes())));
  }

  private static Logger leakLog() {
    return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }

  @BeforeEach
  void serve() {
    asked = new CountDownLatch(1);
    proxy.rawRunner(
        "r",
        (connection, number) -> {
          AT_RUNNERS.incrementAndGet();
          try {
            answer(connection);
          } finally {
            connection.close();
            AT_RUNNERS.decrementAndGet();
          }
        });
  }

  private static void answer(RawConnection connection) throws IOException {
    while (true) {
      Message head = connection.readHead();
      asked.countDown();
      switch (head.startLine().split("[ ?]", -1)[1]) {
        case "/close" -> {
          return;
        }
        case "/reset" -> {
          connection.reset();
          return;
        }
        case "/half-head" -> {
          connection.send("HTTP/1.1 200 OK\r\nX-Half");
          return;
        }
        case "/half-length" -> {
          connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 100").send("half");
          return;
        }
        case "/half-chunk" -> {
          connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").send("10\r\nhalf");
          return;
        }
        case "/half-reset" -> {
          connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 100").send("half");
          connection.reset();
          return;
        }
        case "/stream" -> {
          connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
          byte[] chunk =
              ("2000\r\n" + "x".repeat(0x2000) + "\r\n")
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
          while (true) {
            connection.send(chunk);
          }
        }
        case "/tunnel", "/tunnel-close" -> {
          connection.sendHead(
              "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade");
          connection.send(new byte[] {(byte) 0x82, 1, 7});
          if (head.startLine().contains("close")) {
            return;
          }
        }
        case "/ok" -> {
          connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
          continue;
        }
        default -> {}
      }
      while (connection.readByte() >= 0) {}
      return;
    }
  }

  @AfterEach
  void nothingIsLeft() {
    await().untilAsserted(() -> assertThat(proxy.proxy().clientConnections()).isZero());
    await().untilAsserted(() -> assertThat(proxy.proxy().exchanges()).isZero());
    await().untilAsserted(() -> assertThat(proxy.runtime().requestsUnderWay("r", 0, 1)).isZero());
    proxy.runtime().remove("r");
    await().untilAsserted(() -> assertThat(AT_RUNNERS.get()).isZero());
  }

  /** Collects what was lost, and makes Netty say so. */
  @AfterAll
  static void stop() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    proxy.close();
    ByteBufAllocator.DEFAULT.directBuffer(16).release();
    ResourceLeakDetector.setLevel(before);
    leakLog().detachAppender(LEAKS);
    assertThat(LEAKS.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  /* ---- clients ---- */

  @ParameterizedTest
  @CsvSource({
    "''",
    "'GET /r/ok HT'",
    "'GET /r/ok HTTP/1.1\r\nHost: a\r\nX-Ha'",
    "'GET /nothing HTTP/1.1\r\nHo'"
  })
  void aClientLeavesBeforeItsHeadIsWhole(String sent) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      for (boolean reset : new boolean[] {true, false}) {
        RawClient client = proxy.connect();
        client.send(sent);
        await().until(() -> proxy.proxy().clientConnections() == 1);
        leave(client, reset);
        await().until(() -> proxy.proxy().clientConnections() == 0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /hang, Content-Length: 100000, half",
    "POST, /hang, Transfer-Encoding: chunked, '10\r\nhalf'",
    "POST, /hang, Transfer-Encoding: chunked, '4\r\nhalf\r\n0\r\nX-Tr'",
    "POST, /hang, 'Content-Length: 10\r\nExpect: 100-continue', ''",
    "GET, /hang, X: y, ''",
    "GET, /stream, X: y, ''"
  })
  void aClientLeavesInItsRequestOrTheAnswer(String method, String path, String field, String body)
      throws Exception {
    for (int i = 0; i < TIMES; i++) {
      for (boolean reset : new boolean[] {true, false}) {
        asked = new CountDownLatch(1);
        RawClient client = proxy.connect();
        client.send(method + " /r" + path + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n" + body);
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        if (path.equals("/stream")) {
          assertThat(client.readHead().status()).isEqualTo(200);
          client.readFully(100);
        }
        leave(client, reset);
      }
    }
  }

  @Test
  void aClientLeavesWhileItIsQueued() throws Exception {
    RawClient[] holding = {proxy.connect(), proxy.connect()};
    for (RawClient client : holding) {
      asked = new CountDownLatch(1);
      client.sendHead("GET /r/hang HTTP/1.1", "Host: a");
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    }
    for (int i = 0; i < TIMES; i++) {
      RawClient queued = proxy.connect();
      queued.sendHead("GET /r/hang HTTP/1.1", "Host: a");
      await().until(() -> proxy.runtime().requestsUnderWay("r", 0, 1) == 3);
      leave(queued, i % 2 == 0);
      await().until(() -> proxy.runtime().requestsUnderWay("r", 0, 1) == 2);
    }
    holding[0].close();
    holding[1].close();
  }

  @Test
  void aClientLeavesATunnel() throws Exception {
    for (int i = 0; i < TIMES; i++) {
      RawClient client = upgraded("/r/tunnel");
      client.readFully(3);
      leave(client, i % 2 == 0);
    }
  }

  @Test
  void aClientOfHttp2Leaves() throws Exception {
    for (String path : new String[] {"/r/hang", "/r/stream"}) {
      for (int i = 0; i < TIMES; i++) {
        asked = new CountDownLatch(1);
        try (RawHttp2Client client =
            new RawHttp2Client(
                new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
          client.request(1, false, RawHttp2Client.get(path));
          client.frame(RawHttp2Client.DATA, 0, 1, new byte[1_000]);
          assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
          if (i % 2 == 0) {
            client.frame(RawHttp2Client.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            await().until(() -> proxy.proxy().exchanges() == 0);
          }
        }
        await().until(() -> proxy.proxy().exchanges() == 0);
      }
    }
  }

  /* ---- runners ---- */

  @ParameterizedTest
  @CsvSource({"/close", "/reset", "/half-head", "/half-length", "/half-chunk", "/half-reset"})
  void aRunnerLeaves(String path) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      RawClient client = proxy.connect();
      client.send(
          "POST /r%s HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegun".formatted(path));
      try {
        Message answer = client.read();
        assertThat(answer.status()).isEqualTo(502);
      } catch (IOException broken) {
        // Half an answer must not look like a whole.
      }
      client.close();
      client = proxy.connect();
      try {
        client.get("/r" + path);
      } catch (java.io.UncheckedIOException broken) {
        // The same.
      }
      client.close();
    }
  }

  @Test
  void aRunnerLeavesATunnel() throws Exception {
    for (int i = 0; i < TIMES; i++) {
      RawClient client = upgraded("/r/tunnel-close");
      client.readFully(3);
      assertThat(client.readByte()).isEqualTo(-1);
      client.close();
    }
  }

  @Test
  void malformedBodiesLeaveNothing() throws Exception {
    for (int i = 0; i < TIMES; i++) {
      RawClient client = proxy.connect();
      client.send(
          "POST /r/hang HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      asked.await();
      client.send("x\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      client.close();
    }
  }

  private static RawClient upgraded(String path) throws IOException {
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

  private static void leave(RawClient client, boolean reset) throws IOException {
    if (reset) {
      client.reset();
    } else {
      client.close();
    }
  }
}
