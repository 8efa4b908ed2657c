package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.proxy.RawConnection.Message;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TrailersTest {
  private static final BlockingQueue<Message> RECEIVED = new LinkedBlockingQueue<>();
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    proxy.rawRunner(
        "raw",
        (connection, number) -> {
          while (true) {
            RECEIVED.add(connection.read());
            connection
                .sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum")
                .send("2\r\nok\r\n0\r\nX-Sum: 7\r\nContent-Length: 9\r\n\r\n");
          }
        });
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @BeforeEach
  void forget() {
    RECEIVED.clear();
  }

  private static Message received() throws InterruptedException {
    return RECEIVED.poll(60, TimeUnit.SECONDS);
  }

  @Test
  void trailersOfRequestsPassOnTheFirstAndLaterRequests() throws Exception {
    RawClient client = proxy.connect();
    for (int i = 1; i <= 3; i++) {
      client.send(
          "POST /raw/%d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
              .formatted(i));
      client.send("3\r\nabc\r\n");
      client.send("0\r\nX-Sum: %d\r\nX-More: a, b\r\n\r\n".formatted(i));

      Message answer = client.read();
      assertThat(answer.trailers()).containsExactly("X-Sum: 7");
      assertThat(answer.all("Trailer")).containsExactly("X-Sum");
      Message request = received();
      assertThat(request.text()).isEqualTo("abc");
      assertThat(request.trailers()).containsExactly("X-Sum: " + i, "X-More: a, b");
      assertThat(request.all("Trailer")).containsExactly("X-Sum");
    }
  }

  @Test
  void pipelinedRequestsKeepTheirOwn() throws Exception {
    RawClient client = proxy.connect();
    String request =
        "POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n";
    client.send(
        request
            + "N: 1\r\n\r\n"
            + "POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nN: 2\r\n\r\n"
            + request
            + "\r\n"
            + request
            + "N: 4\r\n\r\n");
    for (int i = 0; i < 4; i++) {
      assertThat(client.read().status()).isEqualTo(200);
    }

    assertThat(received().trailers()).containsExactly("N: 1");
    assertThat(received().trailers()).isEmpty();
    assertThat(received().trailers()).containsExactly("N: 4");
  }

  @Test
  void anEmptyBodyMayHaveTrailers() throws Exception {
    proxy
        .connect()
        .send(
            "POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\n\r\n")
        .read();

    Message request = received();
    assertThat(request.text()).isEmpty();
    assertThat(request.trailers()).containsExactly("X: 1");
  }

  @Test
  void aTrailerOfHttp2WithAControlCharacterIsRefused() throws Exception {
    try (RawHttp2Client client =
        new RawHttp2Client(new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
      String[] head = RawHttp2Client.get("/raw/x");
      head[1] = "POST";
      client
          .request(1, false, head)
          .frame(RawHttp2Client.DATA, 0, 1, new byte[] {'h', 'i'})
          .request(1, true, "x-sum", "5\r\n6");

      assertThat(client.headers(client.read()).status()).hasToString("400");
      assertThat(client.read().text()).contains("WR-3103");
      assertThat(RECEIVED).isEmpty();
    }
  }

  @Test
  void trailersOfHttp2PassBothWays() throws Exception {
    try (RawHttp2Client client =
        new RawHttp2Client(new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
      client
          .request(
              1,
              false,
              ":method",
              "POST",
              ":scheme",
              "http",
              ":authority",
              "a",
              ":path",
              "/raw/x",
              "te",
              "trailers")
          .frame(RawHttp2Client.DATA, 0, 1, new byte[] {'h', 'i'})
          .request(1, true, "x-sum", "5", "content-length", "3", "host", "b");

      client.headers(client.read());
      assertThat(client.read().text()).isEqualTo("ok");
      RawHttp2Client.Frame last = client.read();
      assertThat(last.type()).isEqualTo(RawHttp2Client.HEADERS);
      assertThat(last.flags() & RawHttp2Client.END_STREAM).isPositive();
      assertThat(client.headers(last).get("x-sum")).hasToString("7");
      Message request = received();
      assertThat(request.text()).isEqualTo("hi");
      assertThat(request.trailers()).containsExactly("x-sum: 5");
      assertThat(request.all("TE")).containsExactly("trailers");
    }
  }
}
