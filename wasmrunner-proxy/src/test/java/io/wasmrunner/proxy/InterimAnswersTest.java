package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class InterimAnswersTest {
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    proxy.rawRunner(
        "hints",
        (connection, number) -> {
          while (true) {
            connection.read();
            connection.sendHead("HTTP/1.1 102 Processing");
            connection.sendHead(
                "HTTP/1.1 103 Early Hints",
                "Link: </a.css>; rel=preload",
                "Connection: X-Hop",
                "X-Hop: 1");
            connection.sendHead("HTTP/1.1 199 Strange");
            connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 2").send("ok");
          }
        });
    proxy.rawRunner(
        "flood",
        (connection, number) -> {
          while (true) {
            connection.read();
            for (int i = 0; i < 1_000; i++) {
              connection.sendHead("HTTP/1.1 103 Early Hints", "N: " + i);
            }
            connection.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
          }
        });
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @Test
  void theyPassBeforeTheAnswer() throws IOException {
    RawClient client = proxy.connect();
    for (int i = 0; i < 3; i++) {
      client.sendHead("GET /hints HTTP/1.1", "Host: a");

      assertThat(client.readHead().status()).isEqualTo(102);
      Message hints = client.readHead();
      assertThat(hints.status()).isEqualTo(103);
      assertThat(hints.all("Link")).containsExactly("</a.css>; rel=preload");
      assertThat(hints.headers()).noneMatch(h -> h.contains("op"));
      assertThat(client.readHead().status()).isEqualTo(199);
      Message answer = client.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("ok");
    }
  }

  @Test
  void theyPassInHttp2() throws Exception {
    try (RawHttp2Client client =
        new RawHttp2Client(new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
      client.request(1, true, RawHttp2Client.get("/hints"));

      assertThat(client.headers(client.read()).status()).hasToString("102");
      Http2Headers hints = client.headers(client.read());
      assertThat(hints.status()).hasToString("103");
      assertThat(hints.get("link")).hasToString("</a.css>; rel=preload");
      assertThat(client.headers(client.read()).status()).hasToString("199");
      assertThat(client.headers(client.read()).status()).hasToString("200");
      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void anHttp10ClientGetsNone() throws IOException {
    RawClient client = proxy.connect();
    client.send("GET /hints HTTP/1.0\r\n\r\n");

    assertThat(client.read().status()).isEqualTo(200);
  }

  @Test
  void aFloodOfThemIsCutShort() throws IOException {
    RawClient client = proxy.connect();
    client.sendHead("GET /flood HTTP/1.1", "Host: a");

    int interim = 0;
    Message next = client.readHead();
    while (next.status() == 103) {
      interim++;
      next = client.readHead();
    }
    assertThat(next.status()).isEqualTo(200);
    assertThat(interim).isEqualTo(16);
  }
}
