package io.wasmrunner.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodiesTest {
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    proxy.runner("echo", BodiesTest::echo);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static void echo(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    if (length != null) {
      request.response().putHeader("Content-Length", length);
    } else {
      request.response().setChunked(true);
    }
    request.response().putHeader("X-Framing", length == null ? "chunked" : "length " + length);
    request.pipeTo(request.response());
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 8_191, 8_192, 65_535, 65_536, 1_000_000})
  void bodiesOfKnownLengthPassUnchanged(int size) throws Exception {
    byte[] body = bytes(size);

    HttpResponse<byte[]> answer =
        proxy
            .client()
            .send(
                HttpRequest.newBuilder(proxy.uri("/echo"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("x-framing")).contains("length " + size);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_536, 1_000_000})
  void bodiesOfUnknownLengthPassUnchanged(int size) throws Exception {
    byte[] body = bytes(size);

    HttpResponse<byte[]> answer =
        proxy
            .client()
            .send(
                HttpRequest.newBuilder(proxy.uri("/echo"))
                    .POST(
                        HttpRequest.BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(body)))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("x-framing")).contains("chunked");
    assertThat(answer.headers().firstValue("transfer-encoding")).contains("chunked");
  }

  /** By a client that reads while it writes: what is under way is more than all buffers take. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeBodiesPassBothWaysAtOnce(boolean known) throws Exception {
    byte[] body = bytes(40_000_000);
    RawClient client = proxy.connect();
    client.sendHead(
        "POST /echo HTTP/1.1",
        "Host: x",
        known ? "Content-Length: " + body.length : "Transfer-Encoding: chunked");
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                OutputStream out = client.socket().getOutputStream();
                int piece = 60_000;
                for (int at = 0; at < body.length; at += piece) {
                  int length = Math.min(piece, body.length - at);
                  if (!known) {
                    out.write((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
                  }
                  out.write(body, at, length);
                  if (!known) {
                    out.write("\r\n".getBytes(US_ASCII));
                  }
                }
                out.write((known ? "" : "0\r\n\r\n").getBytes(US_ASCII));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    Message answer = client.read();

    assertThat(answer.body().getBytes()).isEqualTo(body);
    sent.get(60, TimeUnit.SECONDS);
  }

  @Test
  void requestsWithoutABodyGetNoFraming() throws Exception {
    BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    proxy.rawRunner(
        "plain",
        (connection, number) -> {
          while (true) {
            received.add(connection.read());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
          }
        });

    for (String method : new String[] {"GET", "POST", "DELETE"}) {
      proxy.connect().call(method + " /plain");

      Message request = received.poll(60, TimeUnit.SECONDS);
      assertThat(request.startLine()).isEqualTo(method + " / HTTP/1.1");
      assertThat(request.all("Content-Length")).isEmpty();
      assertThat(request.all("Transfer-Encoding")).isEmpty();
    }
  }

  @Test
  void compressedBodiesAreNotTouched() {
    byte[] zipped = bytes(1000);
    proxy.runner(
        "zipped",
        request ->
            request.response().putHeader("Content-Encoding", "gzip").end(Buffer.buffer(zipped)));

    Message answer = proxy.connect().get("/zipped");

    assertThat(answer.all("Content-Encoding")).containsExactly("gzip");
    assertThat(answer.body().getBytes()).isEqualTo(zipped);
  }

  @Test
  void piecesArriveAsTheyAreSentBothWays() throws Exception {
    proxy.runner(
        "talk",
        request -> {
          request.response().setChunked(true);
          request.handler(piece -> request.response().write("you said " + piece));
          request.endHandler(end -> request.response().end());
        });
    RawClient client = proxy.connect();
    client.send("POST /talk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");

    client.send("3\r\none\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readLine()).isEqualTo("c");
    assertThat(client.readLine()).isEqualTo("you said one");

    client.send("3\r\ntwo\r\n");
    assertThat(client.readLine()).isEqualTo("c");
    assertThat(client.readLine()).isEqualTo("you said two");

    client.send("0\r\n\r\n");
    assertThat(client.readLine()).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 8"})
  void aRunnerAnswersOnTheHeadAlone(String framing) throws Exception {
    proxy.rawRunner(
        "first",
        (connection, number) -> {
          while (true) {
            Message head = connection.readHead();
            connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            connection.send("7\r\nwelcome\r\n");
            byte[] body = connection.readFully(8);
            if (head.header("Content-Length").isEmpty()) {
              connection.readLine(); // They were "3\r\nyes\r\n": the end of the body follows.
              connection.readLine();
            }
            connection.send("8\r\n").send(body).send("\r\n0\r\n\r\n");
          }
        });
    RawClient client = proxy.connect();
    for (int i = 0; i < 2; i++) { // Over a new connection, and over one that was used.
      client.sendHead("POST /first HTTP/1.1", "Host: x", framing);
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.readLine()).isEqualTo("7");
      assertThat(client.readLine()).isEqualTo("welcome");

      client.send(framing.startsWith("T") ? "3\r\nyes\r\n0\r\n\r\n" : "12345678");
      for (String line = client.readLine(); !line.equals("0"); line = client.readLine()) {}
      client.readLine();
    }
  }

  @Test
  void aHeadAndItsBodyReachTheRunnerInOnePacket() throws Exception {
    BlockingQueue<String> reads = new LinkedBlockingQueue<>();
    proxy.rawRunner(
        "packet",
        (connection, number) -> {
          byte[] buffer = new byte[10_000];
          InputStream in = connection.socket().getInputStream();
          for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
            reads.add(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
          }
        });
    RawClient client = proxy.connect();
    for (int i = 0; i < 3; i++) { // Over a new connection, and over one that was used.
      assertThat(client.call("PUT /packet", "Content-Length: 4", "\r\nbody").status())
          .isEqualTo(200);
      assertThat(reads.poll(60, TimeUnit.SECONDS)).startsWith("PUT / ").endsWith("\r\n\r\nbody");
    }
  }

  /* ---- answers without a body ---- */

  @Test
  void headKeepsTheLengthAndHasNoBody() throws Exception {
    proxy.rawRunner(
        "head",
        (connection, number) -> {
          while (true) {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
          }
        });
    RawClient client = proxy.connect();
    for (int i = 0; i < 2; i++) {
      client.send("HEAD /head/x HTTP/1.1\r\nHost: x\r\n\r\n");

      Message head = client.readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.all("Content-Length")).containsExactly("12345");
      assertThat(head.all("Transfer-Encoding")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void statusesWithoutABodyHaveNone(String status) {
    proxy.rawRunner(
        "bare",
        (connection, number) -> {
          while (true) {
            connection.readHead();
            connection.send("HTTP/1.1 " + status + "\r\nETag: \"a\"\r\n\r\n");
          }
        });
    RawClient client = proxy.connect();
    for (int i = 0; i < 2; i++) {
      Message answer = client.get("/bare");

      assertThat(answer.startLine()).isEqualTo("HTTP/1.1 " + status);
      assertThat(answer.all("ETag")).containsExactly("\"a\"");
      assertThat(answer.all("Content-Length")).isEmpty();
      assertThat(answer.all("Transfer-Encoding")).isEmpty();
    }
  }

  @Test
  void emptyAnswersKeepTheirLength() {
    proxy.runner("empty", request -> request.response().end());

    Message answer = proxy.connect().get("/empty");

    assertThat(answer.all("Content-Length")).containsExactly("0");
  }

  /* ---- framing of answers ---- */

  @Test
  void anAnswerThatEndsWithTheConnectionIsPassedInChunks() {
    proxy.rawRunner(
        "old",
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.0 200 OK\r\nX: 1\r\n\r\nuntil the end");
          connection.close();
        });
    RawClient client = proxy.connect();
    for (int i = 0; i < 2; i++) {
      Message answer = client.get("/old");

      assertThat(answer.text()).isEqualTo("until the end");
      assertThat(answer.all("Transfer-Encoding")).containsExactly("chunked");
    }
  }

  @Test
  void anOldClientGetsAnAnswerThatEndsWithTheConnection() throws Exception {
    proxy.runner("chunks", request -> request.response().setChunked(true).end("in chunks"));
    RawClient client = proxy.connect();
    client.send("GET /chunks HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");

    Message answer = client.read();

    assertThat(answer.all("Transfer-Encoding")).isEmpty();
    assertThat(answer.text()).isEqualTo("in chunks");
    assertThat(client.readByte()).isEqualTo(-1);
  }

  @Test
  void trailersOfTheAnswerPass() {
    proxy.rawRunner(
        "trailers",
        (connection, number) -> {
          connection.readHead();
          connection
              .sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
              .sendHead("2", "ok", "0", "X-Checksum: 42");
        });

    Message answer = proxy.connect().get("/trailers");

    assertThat(answer.text()).isEqualTo("ok");
    assertThat(answer.trailers()).containsExactly("X-Checksum: 42");
  }

  @Test
  void oneConnectionServesManyRequests() {
    RawClient client = proxy.connect();
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("POST /echo", "Content-Length: 0").status()).isEqualTo(200);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    proxy.runner("order", request -> request.response().end(request.uri()));
    RawClient client = proxy.connect();
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      requests.append("GET /order/").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    client.send(requests.toString());

    for (int i = 0; i < 10; i++) {
      assertThat(client.read().text()).isEqualTo("/" + i);
    }
  }

  /* ---- answers before the end of the request ---- */

  @Test
  void anEarlyAnswerReachesTheClientAndEndsTheUpload() throws Exception {
    proxy.runner(
        "picky",
        request -> {
          request.pause();
          request
              .response()
              .setStatusCode(413)
              .putHeader("Connection", "close")
              .end("too much")
              .onComplete(sent -> request.connection().close());
        });
    RawClient client = proxy.connect();
    client.send("POST /picky HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
    client.send(bytes(10_000));

    Message answer = client.read();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).isEqualTo("too much");
    // Other requests are not disturbed.
    assertThat(proxy.connect().call("POST /echo", "Content-Length: 0").status()).isEqualTo(200);
  }

  @Test
  void anEarlyAnswerIsHeardThoughTheRunnerHasLeft() throws Exception {
    proxy.rawRunner(
        "leaves",
        (connection, number) -> {
          connection.readHead();
          connection.readFully(100_000);
          connection.sendHead("HTTP/1.1 413 Too much", "Content-Length: 8").send("too much");
          connection.close(); // With a reset, for not everything was read.
        });
    for (int i = 0; i < 10; i++) {
      RawClient client = proxy.connect();
      client.sendHead("POST /leaves HTTP/1.1", "Host: x", "Content-Length: 20000000");
      Thread sender =
          new Thread(
              () -> {
                try {
                  for (int sent = 0; sent < 20_000_000; sent += 100_000) {
                    client.send(new byte[100_000]);
                  }
                } catch (IOException closed) {
                  // The rest of an answered upload has no reader.
                }
              });
      sender.start();

      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.text()).isEqualTo("too much");
      client.close();
      sender.join();
    }
  }

  @Test
  void aRefusedUploadIsReadAwaySoThatTheClientSeesTheAnswer() throws Exception {
    RawClient client = proxy.connect();
    client.send("POST /unknown HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
    client.send(bytes(3_000_000));

    Message answer = client.read();

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.all("Connection")).containsExactly("close");
    assertThat(client.readByte()).isEqualTo(-1);
  }

  @Test
  void aSmallRefusedUploadKeepsTheConnection() throws Exception {
    RawClient client = proxy.connect();
    for (int i = 0; i < 3; i++) {
      client.send("POST /unknown HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n");
      client.send(bytes(3000));

      Message answer = client.read();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.all("Connection")).isEmpty();
    }
  }

  /* ---- Expect: 100-continue ---- */

  @Test
  void theRunnerDecidesWhetherTheBodyIsWanted() throws Exception {
    proxy.rawRunner(
        "leave",
        (connection, number) -> {
          Message head = connection.readHead();
          if (head.all("Expect").contains("100-continue")) {
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            byte[] body = connection.readFully(4);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n").send(body);
          }
        });
    RawClient client = proxy.connect();
    client.send(
        "PUT /leave HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

    assertThat(client.readHead().status()).isEqualTo(100);
    client.send("body");
    assertThat(client.read().text()).isEqualTo("body");
  }

  @Test
  void aBodyThatIsNotWantedIsNotSent() throws Exception {
    proxy.rawRunner(
        "noleave",
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
        });
    RawClient client = proxy.connect();
    client.send(
        "PUT /noleave HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

    Message answer = client.read();
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text()).isEqualTo("no");
  }

  @Test
  void aRunnerThatIgnoresTheQuestionGetsTheBodyAllTheSame() throws Exception {
    proxy.rawRunner(
        "deaf",
        (connection, number) -> {
          Message request = connection.read();
          connection
              .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
              .send(request.body().getBytes());
        });
    RawClient client = proxy.connect();
    client.send(
        "PUT /deaf HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

    assertThat(client.readHead().status()).isEqualTo(100);
    client.send("body");
    assertThat(client.read().text()).isEqualTo("body");
  }

  @Test
  void aForeignTransferCodingIsRefused() {
    Message answer =
        proxy.connect().call("POST /echo", "Transfer-Encoding: gzip, chunked", "\r\n0\r\n");

    assertThat(answer.status()).isEqualTo(501);
  }

  /* ---- back-pressure ---- */

  @Test
  void aSlowReaderHoldsTheRunnerBack() throws Exception {
    long total = 200_000_000;
    AtomicLong produced = new AtomicLong();
    proxy.rawRunner(
        "flood",
        (connection, number) -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
          byte[] piece = new byte[100_000];
          while (produced.get() < total) {
            connection.send(piece);
            produced.addAndGet(piece.length);
          }
        });
    RawClient client = proxy.connect();
    client.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n");
    client.readHead();

    long held = settled(produced);

    // Socket buffers take some megabytes; the proxy must not take the rest.
    assertThat(held).isLessThan(50_000_000);
    InputStream in = client.socket().getInputStream();
    long read = 0;
    byte[] buffer = new byte[1_000_000];
    while (read < total - 100_000) {
      int n = in.read(buffer);
      assertThat(n).isPositive();
      read += n;
    }
    assertThat(produced.get()).isEqualTo(total);
  }

  @Test
  void aSlowRunnerHoldsTheClientBack() throws Exception {
    int total = 200_000_000;
    CountDownLatch read = new CountDownLatch(1);
    proxy.rawRunner(
        "swallow",
        (connection, number) -> {
          connection.readHead();
          read.await();
          byte[] buffer = new byte[1_000_000];
          for (int left = total; left > 0; left -= buffer.length) {
            connection.readFully(buffer.length);
          }
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    RawClient client = proxy.connect();
    client.send("POST /swallow HTTP/1.1\r\nHost: x\r\nContent-Length: " + total + "\r\n\r\n");
    AtomicLong sent = new AtomicLong();
    Thread sender =
        new Thread(
            () -> {
              try {
                byte[] piece = new byte[100_000];
                while (sent.get() < total) {
                  client.send(piece);
                  sent.addAndGet(piece.length);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    sender.start();

    assertThat(settled(sent)).isLessThan(50_000_000);

    read.countDown();
    assertThat(client.read().text()).isEqualTo("ok");
    sender.join();
  }

  /** The value once it has stopped to grow. */
  static long settled(AtomicLong value) {
    long[] last = {-1, 0};
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(150))
        .until(
            () -> {
              long now = value.get();
              last[1] = now > 0 && now == last[0] ? last[1] + 1 : 0;
              last[0] = now;
              return last[1] >= 4;
            });
    return last[0];
  }
}
