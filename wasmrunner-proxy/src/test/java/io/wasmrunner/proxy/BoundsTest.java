package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RequestBounds;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BoundsTest {
  private final TestingProxy proxy = TestingProxy.start();
  private final AtomicInteger whole = new AtomicInteger();

  @AfterEach
  void close() {
    proxy.close();
  }

  private void serve(RequestBounds bounds) {
    proxy.runner(
        "shop",
        Policies.DEFAULT.withBounds(bounds),
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      whole.incrementAndGet();
                      request.response().end("got " + body.length());
                    }));
  }

  private HttpResponse<String> post(int size) {
    return proxy.send(
        HttpRequest.newBuilder(proxy.uri("/shop/x"))
            .POST(HttpRequest.BodyPublishers.ofString("x".repeat(size))));
  }

  @Test
  void aBodyThatAnnouncesTooMuchIsRefusedAtOnce() {
    serve(new RequestBounds(1_000, 0, 0));

    assertThat(post(1_000).body()).isEqualTo("got 1000");
    HttpResponse<String> more = post(1_001);
    assertThat(more.statusCode()).isEqualTo(413);
    assertThat(more.body()).contains("WR-3504");
    assertThat(whole).hasValue(1);
  }

  @Test
  void aBodyThatGrowsTooMuchIsRefusedThenAndNeverBecomesWhole() throws IOException {
    serve(new RequestBounds(1_000, 0, 0));
    RawClient client = proxy.connect();
    String piece = "1f4\r\n" + "x".repeat(500) + "\r\n";

    client.send(
        "POST /shop/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + piece + piece);
    client.send("1\r\nx\r\n");
    Message refusal = client.read();

    assertThat(refusal.status()).isEqualTo(413);
    assertThat(whole).hasValue(0);
    Awaitility.await()
        .untilAsserted(() -> assertThat(proxy.runtime().requestsUnderWay("shop", 0, 1)).isZero());

    RawClient other = proxy.connect();
    other.send(
        "POST /shop/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + piece
            + piece
            + "0\r\n\r\n");
    assertThat(other.read().text()).isEqualTo("got 1000");
  }

  @Test
  void headersHaveTheBoundsOfTheService() {
    serve(new RequestBounds(0, 1_024, 10));

    assertThat(proxy.connect().get("/shop/x", "X: " + "a".repeat(900)).status()).isEqualTo(200);
    Message large = proxy.connect().get("/shop/x", "X: " + "a".repeat(1_024));
    assertThat(large.status()).isEqualTo(431);
    assertThat(large.text()).contains("WR-3505");
    String[] many = new String[10];
    for (int i = 0; i < many.length; i++) {
      many[i] = "X-" + i + ": a";
    }
    assertThat(proxy.connect().get("/shop/x", many).status()).isEqualTo(431);
  }
}
