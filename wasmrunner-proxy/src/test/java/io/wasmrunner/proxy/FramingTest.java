package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.proxy.MalformedRequests.Case;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in, and every place on a connection, for requests that could be read in two ways. */
@SuppressWarnings("StringConcatToTextBlock") // a line end is what each line is about
final class FramingTest {
  private static final String GOOD = "GET /echo/good HTTP/1.1\r\nHost: test.local\r\n\r\n";
  private static final String UPGRADE =
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
  private static final Map<String, Case> CASES = MalformedRequests.all();
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  private static TestingProxy clear;
  private static TestingProxy tls;
  private static TestingCertificate certificate;

  private enum Transport {
    CLEAR,
    TLS
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    certificate = TestingCertificate.make(folder, "framing");
    TlsFiles files = certificate.writeTo(folder);
    clear = TestingProxy.start();
    tls = TestingProxy.start(options -> options.withTls(files));
    for (TestingProxy proxy : List.of(clear, tls)) {
      proxy.runner(
          "echo",
          request -> {
            REACHED.add(request.uri());
            request.body().onSuccess(body -> request.response().end(request.method() + " " + body));
          });
    }
  }

  @AfterAll
  static void stop() {
    clear.close();
    tls.close();
  }

  @BeforeEach
  void nothingReached() {
    REACHED.clear();
  }

  private static RawConnection connect(Transport transport) throws Exception {
    if (transport == Transport.CLEAR) {
      return clear.connect();
    }
    SSLSocket socket =
        (SSLSocket)
            certificate
                .trusted()
                .getSocketFactory()
                .createSocket(tls.address().getAddress(), tls.address().getPort());
    socket.startHandshake();
    return new RawConnection((Socket) socket);
  }

  static Stream<String> names() {
    return CASES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isRefusedAsTheFirstRequest(String name) throws Exception {
    for (Transport transport : Transport.values()) {
      try (RawConnection client = connect(transport)) {
        client.send(CASES.get(name).request());

        expectRefusal(client, name, transport);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isRefusedAfterAnotherRequest(String name) throws Exception {
    for (Transport transport : Transport.values()) {
      try (RawConnection client = connect(transport)) {
        client.send(GOOD);
        assertThat(client.read().status()).isEqualTo(200);
        client.send(CASES.get(name).request());

        expectRefusal(client, name, transport);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isRefusedRightBehindAnotherRequest(String name) throws Exception {
    for (Transport transport : Transport.values()) {
      try (RawConnection client = connect(transport)) {
        client.send(GOOD + CASES.get(name).request());

        assertThat(client.read().status()).as("%s, %s", name, transport).isEqualTo(200);
        expectRefusal(client, name, transport);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isRefusedWithAnUpgradeToHttp2(String name) throws Exception {
    String request = CASES.get(name).request();
    int end = request.indexOf("\r\n") + 2;
    assumeThat(end).as("has a request line").isGreaterThan(2);
    try (RawConnection client = connect(Transport.CLEAR)) {
      client.send(request.substring(0, end) + UPGRADE + request.substring(end));

      expectRefusal(client, name, Transport.CLEAR);
    }
  }

  /** Wherever the network cuts it. */
  @Test
  void isRefusedInPieces() throws Exception {
    for (String name : CASES.keySet()) {
      String request = CASES.get(name).request();
      if (request.length() > 1000) {
        continue;
      }
      try (RawConnection client = connect(Transport.CLEAR)) {
        // Only the head: what comes after a whole one may go on before the fault comes.
        int head = request.indexOf("\r\n\r\n");
        int whole = head < 0 ? request.length() : head;
        for (int i = 0; i < whole; i += 7) {
          client.send(request.substring(i, Math.min(whole, i + 7)));
        }
        client.send(request.substring(whole));

        expectRefusal(client, name, Transport.CLEAR);
      }
    }
  }

  /* ---- faults after the head has gone on ---- */

  @ParameterizedTest
  @ValueSource(strings = {"5\r\nhelloXX", "0x5\r\n", "5;a=\"b\"\r\n", "0\r\nHost: a\r\n", "5\n"})
  void aFaultInALaterPieceOfTheBodyIsRefusedToo(String rest) throws Exception {
    for (Transport transport : Transport.values()) {
      TestingProxy proxy = transport == Transport.CLEAR ? clear : tls;
      CompletableFuture<Throwable> cutOff = new CompletableFuture<>();
      AtomicBoolean whole = new AtomicBoolean();
      TestingRunner runner =
          proxy.runner(
              "late",
              request -> {
                request.exceptionHandler(cutOff::complete);
                request.endHandler(end -> whole.set(true));
              });
      try (RawConnection client = connect(transport)) {
        client.send(
            "POST /late HTTP/1.1\r\n"
                + "Host: test.local\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "1\r\n"
                + "x\r\n");
        Awaitility.await().until(() -> runner.requests() == 1);
        client.send(rest);

        Message answer = client.read();
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("WR-3103");
        assertThat(client.readByte()).isEqualTo(-1);
      }
      assertThat(cutOff.get(60, TimeUnit.SECONDS)).isNotNull();
      assertThat(whole).isFalse();
    }
  }

  @Test
  void afterTheAnswerHasBegunAFaultBreaksTheConnection() throws Exception {
    clear.runner(
        "begun",
        request -> {
          request.response().setChunked(true).write("begun");
          request.handler(piece -> {});
        });
    RawClient client = clear.connect();
    client.send("POST /begun HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    client.send("5 \r\n");

    assertThatThrownBy(client::readRest).isInstanceOf(IOException.class);
  }

  /* ---- what is strange but clear ---- */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /echo/good HTTP/1.0\r\n\r\n",
        "GET /echo/good HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "\r\nGET /echo/good HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nhOsT:a\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost: \t a.b:80 \t \r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost: [::1]:14000\r\n\r\n",
        "GET http://a.b/echo/good HTTP/1.1\r\nHost: A.B:80\r\n\r\n",
        "GET HTTP://A.B:80/echo/good HTTP/1.1\r\nHost: a.b\r\n\r\n",
        "get /echo/good HTTP/1.1\r\nHost: a\r\n\r\n",
        "M-SEARCH /echo/good HTTP/1.1\r\nHost: a\r\n\r\n",
        "!#$%&'*+-.^_`|~ /echo/good HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "X-Empty:\r\n"
            + "X_Y: \u00e4\t\u00ff ;\"'\r\n"
            + "!#$%&'*+-.^_`|~: x\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost: a\r\nConnection: close, x-y, TE,, ,keep-alive\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "DELETE /echo/good HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo/good HTTP/1.1\r\nHost: a\r\nContent-Length: 00005\r\n\r\nhello",
        "POST /echo/good HTTP/1.1\r\nHost: a\r\nContent-Length:5\t \r\n\r\nhello",
        "POST /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Transfer-Encoding: ChUnKeD\r\n\r\n"
            + "05\r\n"
            + "hello\r\n"
            + "000\r\n\r\n",
        "POST /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Transfer-Encoding:\tchunked \r\n\r\n"
            + "00000000000000A\r\n"
            + "hellohello\r\n"
            + "0\r\n\r\n",
        "POST /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5;a;b=c\r\n"
            + "hello\r\n"
            + "0;last\r\n\r\n",
        "POST /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5\r\n"
            + "hello\r\n"
            + "0\r\n"
            + "X-Checksum: 1\r\n"
            + "Y:\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
        "GET /echo/good HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        "POST /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Connection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABk\r\n"
            + "Content-Length: 5\r\n\r\n"
            + "hello",
        "PATCH /echo/good HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Connection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\n"
            + "HTTP2-Settings: not base64!\r\n\r\n",
        "PRI /echo/good HTTP/1.1\r\nHost: a\r\n\r\n",
        "PR /echo/good HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void passesAndTheConnectionStays(String request) throws Exception {
    boolean stays = !request.contains("HTTP/1.0\r\n\r\n") && !request.contains("close");
    for (Transport transport : Transport.values()) {
      try (RawConnection client = connect(transport)) {
        client.send(request);
        expectAnswer(client, request);
        if (stays) {
          client.send(request + GOOD);
          expectAnswer(client, request);
          assertThat(client.read().text()).isEqualTo("GET ");
        }
      }
      try (RawConnection client = connect(transport)) {
        for (int i = 0; i < request.length(); i++) {
          client.send(request.substring(i, i + 1));
        }
        expectAnswer(client, request);
      }
    }
  }

  private static void expectAnswer(RawConnection client, String request) throws IOException {
    Message answer = client.read();
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    String body =
        request.contains("hellohello") ? "hellohello" : request.contains("hello") ? "hello" : "";
    assertThat(answer.text()).isEqualTo(request.strip().split(" ", 2)[0] + " " + body);
  }

  private static void expectRefusal(RawConnection client, String name, Transport transport) {
    Message answer;
    int next;
    try {
      answer = client.read();
      next = client.readByte();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ", " + transport, e);
    }
    int status = CASES.get(name).status();
    assertThat(answer.status()).as("%s, %s: %s", name, transport, answer.text()).isEqualTo(status);
    assertThat(answer.all("Connection")).as(name).containsExactly("close");
    assertThat(new JsonObject(answer.text()).getString("code")).startsWith("WR-31");
    assertThat(next).as("%s: the connection ends", name).isEqualTo(-1);
    assertThat(REACHED).as(name).isSubsetOf("/good");
  }
}
