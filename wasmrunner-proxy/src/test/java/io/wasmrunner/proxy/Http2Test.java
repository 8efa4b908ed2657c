package io.wasmrunner.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.StatsQuery;
import io.wasmrunner.bus.StatsSnapshot;
import io.wasmrunner.proxy.RawConnection.Message;
import io.wasmrunner.proxy.RawHttp2Client.Frame;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Http2Test {
  private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
  private TestingProxy proxy;

  @BeforeEach
  void start() {
    proxy = TestingProxy.start();
    proxy.rawRunner(
        "raw",
        (connection, number) -> {
          while (true) {
            received.add(connection.read());
            connection.sendHead(
                "HTTP/1.1 200 OK",
                "Connection: X-Hop",
                "X-Hop: 1",
                "Keep-Alive: 5",
                "Content-Length: 2");
            connection.send("ok");
          }
        });
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private RawHttp2Client connect() throws IOException {
    return proxy.owned(
        new RawHttp2Client(new Socket(proxy.address().getAddress(), proxy.address().getPort())));
  }

  private Message received() throws InterruptedException {
    return received.poll(60, TimeUnit.SECONDS);
  }

  /* ---- requests ---- */

  @Test
  void aRequestWithoutABodyStaysOne() throws Exception {
    RawHttp2Client client = connect();
    client.request(
        1,
        true,
        RawHttp2Client.get("/raw/x?y", "cookie", "a=1", "cookie", "b=2", "te", "trailers"));

    Frame head = client.read();
    Http2Headers fields = client.headers(head);
    assertThat(fields.status()).hasToString("200");
    assertThat(fields.get("x-wasmrunner-runner")).hasToString("raw/0");
    assertThat(fields.contains("x-hop") || fields.contains("keep-alive")).isFalse();
    assertThat(client.read().text()).isEqualTo("ok");
    Message request = received();
    assertThat(request.startLine()).isEqualTo("GET /x?y HTTP/1.1");
    assertThat(request.all("Transfer-Encoding")).isEmpty();
    assertThat(request.all("Content-Length")).isEmpty();
    assertThat(request.all("TE")).containsExactly("trailers");
    assertThat(request.all("Cookie")).containsExactly("a=1; b=2");
    assertThat(request.all("X-Forwarded-Host")).containsExactly("test.local");
    assertThat(request.all("Via")).containsExactly("2.0 wasmrunner");
  }

  @Test
  void aBodyOfUnknownLengthGoesOnInChunks() throws Exception {
    RawHttp2Client client = connect();
    String[] head = RawHttp2Client.get("/raw");
    head[1] = "POST";
    client.request(1, false, head);
    client.frame(RawHttp2Client.DATA, 0, 1, "hel".getBytes(UTF_8));
    client.frame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1, "lo".getBytes(UTF_8));

    Message request = received();
    assertThat(request.all("Transfer-Encoding")).containsExactly("chunked");
    assertThat(request.text()).isEqualTo("hello");
    assertThat(client.headers(client.read()).status()).hasToString("200");
  }

  @Test
  void aBodyOfKnownLengthKeepsIt() throws Exception {
    RawHttp2Client client = connect();
    client.request(1, false, RawHttp2Client.get("/raw", "content-length", "5"));
    client.frame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1, "hello".getBytes(UTF_8));

    Message request = received();
    assertThat(request.all("Content-Length")).containsExactly("5");
    assertThat(request.text()).isEqualTo("hello");
  }

  /** What HTTP/1 would read in another way than HTTP/2, or that HTTP/2 forbids. */
  @ParameterizedTest
  @CsvSource({
    "transfer-encoding,chunked",
    "connection,close",
    "connection,keep-alive",
    "upgrade,h2c",
    "keep-alive,5",
    "proxy-connection,close",
    "te,gzip",
    "X-Upper,1",
    "a b,1",
    "a:b,1",
    "'',1",
    "'a\rb',1",
    "'a\nb',1",
    "x,'1\r\nContent-Length: 5'",
    "x,'1\n'",
    "x,'\01'",
    "content-length,+5",
    "content-length,'5,5'",
    "content-length,5",
    "host,other.local",
    ":path,/raw/other",
    ":unknown,1",
    "content_length,5",
    "content-xength,5",
    "content-xype,5",
    "transfer_encoding,chunked",
    "sec-websocket-key1,1"
  })
  void fieldsThatMeanSomethingElseInHttp1AreRefused(String name, String value) throws Exception {
    RawHttp2Client client = connect();
    client.request(1, true, RawHttp2Client.get("/raw/bad", name, value.replace("\\0", "\0")));

    assertThat(refused(client)).isTrue();
    assertThat(received).isEmpty();
  }

  @Test
  void aFieldTakenForOneOfFramingIsCounted() throws Exception {
    RawHttp2Client client = connect();
    client.request(1, true, RawHttp2Client.get("/raw", "content_length", "5"));

    assertThat(client.headers(client.read()).status()).hasToString("400");
    assertThat(
            TestingProxy.await(
                    proxy
                        .runtime()
                        .bus()
                        .request(BusAddress.STATS_READ, new StatsQuery(), StatsSnapshot.class))
                .refused()
                .values())
        .containsExactly(1L);
  }

  @ParameterizedTest
  @CsvSource({
    "1,'GET /raw/smuggled HTTP/1.1\r\nHost: a\r\n\r\nGET'",
    "1,G T",
    "1,''",
    "7,raw/x",
    "7,/raw/a b",
    "7,'/raw/x HTTP/1.1\r\nA: b'",
    "7,/raw/../x",
    "7,/raw/%00",
    "7,''",
    "5,'a\r\nb: c'",
    "5,a b",
    "5,u@a"
  })
  void pseudoFieldsThatDoNotFitARequestLineAreRefused(int index, String value) throws Exception {
    RawHttp2Client client = connect();
    String[] head = RawHttp2Client.get("/raw/bad");
    head[index] = value;
    client.request(1, true, head);

    assertThat(refused(client)).isTrue();
    assertThat(received).isEmpty();
  }

  private static boolean refused(RawHttp2Client client) throws Exception {
    Frame frame;
    try {
      frame = client.read();
    } catch (EOFException closed) {
      return true;
    }
    return frame.type() == RawHttp2Client.RST_STREAM
        || frame.type() == RawHttp2Client.GOAWAY
        || client.headers(frame).status().toString().startsWith("4");
  }

  /* ---- streams ---- */

  @Test
  void aBrokenAnswerEndsItsStreamOnly() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    proxy.rawRunner(
        "breaks",
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
          go.await();
          connection.close();
        });
    RawHttp2Client client = connect();
    client.request(1, true, RawHttp2Client.get("/breaks"));
    assertThat(client.headers(client.read()).status()).hasToString("200");
    assertThat(client.read().text()).isEqualTo("half");
    go.countDown();

    Frame reset = client.read();
    assertThat(reset.type()).isEqualTo(RawHttp2Client.RST_STREAM);
    assertThat(reset.error()).isEqualTo((int) Http2Error.INTERNAL_ERROR.code());
    client.request(3, true, RawHttp2Client.get("/raw"));
    assertThat(client.headers(client.read()).status()).hasToString("200");
  }

  @Test
  void aRefusedUploadIsStoppedAndTheConnectionStays() throws Exception {
    RawHttp2Client client = connect();
    client.request(1, false, RawHttp2Client.get("/unknown"));

    assertThat(client.headers(client.read()).status()).hasToString("404");
    Frame frame = client.read();
    while (frame.type() == RawHttp2Client.DATA) {
      frame = client.read();
    }
    assertThat(frame.type()).isEqualTo(RawHttp2Client.RST_STREAM);
    assertThat(frame.error()).isZero();
    client.request(3, true, RawHttp2Client.get("/raw"));
    assertThat(client.headers(client.read()).status()).hasToString("200");
  }

  @Test
  void aClientThatGivesUpEndsTheRequestAtTheRunner() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    proxy.rawRunner(
        "slow",
        (connection, number) -> {
          connection.readHead();
          arrived.countDown();
          connection.readByte();
          ended.countDown();
        });
    RawHttp2Client client = connect();
    client.request(1, true, RawHttp2Client.get("/slow"));
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    client.frame(RawHttp2Client.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aUsedUpStreamEndsTheConnection(int again) throws Exception {
    RawHttp2Client client = connect();
    int first = again == 1 ? 1 : 5;
    client.request(first, true, RawHttp2Client.get("/raw"));
    client.request(again, true, RawHttp2Client.get("/raw"));

    assertThat(client.lastWord())
        .isEqualTo(
            (int) (again == 1 ? Http2Error.STREAM_CLOSED : Http2Error.PROTOCOL_ERROR).code());
    await()
        .untilAsserted(
            () ->
                assertThat(proxy.runtime().events())
                    .anyMatch(e -> e.message().contains("used up")));
  }

  /* ---- floods ---- */

  @ParameterizedTest
  @CsvSource({"6, 0, 8", "4, 0, 0", "2, 1, 5", "99, 0, 0"})
  void aFloodOfControlFramesEndsTheConnection(int type, int stream, int length) throws Exception {
    RawHttp2Client client = connect();
    sendUntilClosed(2_000, i -> client.frame(type, 0, stream, new byte[length]));

    assertThat(client.lastWord()).isIn(-1, (int) Http2Error.ENHANCE_YOUR_CALM.code());
    assertThat(proxy.connect().get("/raw").status()).isEqualTo(200);
  }

  @Test
  void rapidResetsEndTheConnection() throws Exception {
    RawHttp2Client client = connect();
    sendUntilClosed(
        1_000,
        i ->
            client
                .request(2 * i + 1, true, RawHttp2Client.get("/raw"))
                .frame(RawHttp2Client.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));

    assertThat(client.lastWord()).isIn(-1, (int) Http2Error.ENHANCE_YOUR_CALM.code());
    assertThat(proxy.connect().get("/raw").status()).isEqualTo(200);
  }

  @Test
  void aHeadWithoutEndEndsTheConnection() throws Exception {
    RawHttp2Client client = connect();
    client.frame(RawHttp2Client.HEADERS, 0, 1, RawHttp2Client.encode(RawHttp2Client.get("/raw")));
    byte[] field = RawHttp2Client.encode("x", "y".repeat(100));
    sendUntilClosed(10_000, i -> client.frame(RawHttp2Client.CONTINUATION, 0, 1, field));

    assertThat(client.lastWord()).isNotZero();
    assertThat(received).isEmpty();
  }

  private interface Step {
    void run(int i) throws IOException;
  }

  private static void sendUntilClosed(int times, Step step) {
    try {
      for (int i = 0; i < times; i++) {
        step.run(i);
      }
    } catch (IOException closed) {
      // What was to be shown: the rest is in the last word.
    }
  }

  /* ---- clients as they are ---- */

  @Test
  void anUpgradeFromHttp1Works() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    for (int i = 0; i < 3; i++) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(proxy.uri("/raw/x")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("ok");
    }
    assertThat(received().all("Via")).containsExactly("2.0 wasmrunner");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_2", "HTTP_1_1"})
  void tlsSpeaksBoth(HttpClient.Version version, @TempDir Path folder) throws Exception {
    TestingCertificate certificate = TestingCertificate.make(folder, "both");
    TlsFiles files = certificate.writeTo(folder);
    try (TestingProxy tls = TestingProxy.start(options -> options.withTls(files))) {
      tls.runner(
          "echo",
          request -> {
            request
                .response()
                .setChunked(true)
                .putHeader("X-Proto", request.getHeader("X-Forwarded-Proto"));
            request.pipeTo(request.response());
          });
      byte[] body = new byte[3_000_000];
      new Random(1).nextBytes(body);
      HttpClient client =
          HttpClient.newBuilder().version(version).sslContext(certificate.trusted()).build();

      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(tls.uri("/echo"))
                  .POST(
                      HttpRequest.BodyPublishers.ofInputStream(
                          () -> new ByteArrayInputStream(body)))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());

      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.headers().firstValue("x-proto")).contains("https");
      assertThat(answer.body()).isEqualTo(body);
    }
  }
}
