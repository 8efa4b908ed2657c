package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.wasmrunner.model.CompressionPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressionTest {
  private static final String TEXT = "{\"text\": \"" + "abc".repeat(100_000) + "\"}";
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    proxy.runner(
        "shop",
        Policies.DEFAULT.withCompression(CompressionPolicy.DEFAULT),
        CompressionTest::answer);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response().putHeader("Content-Type", "application/json");
    switch (request.path()) {
      case "/chunks" -> {
        response.setChunked(true).write(TEXT.substring(0, 1_000));
        response.end(TEXT.substring(1_000));
      }
      case "/tagged" -> response.putHeader("ETag", "\"v1\"").end(TEXT);
      case "/short" -> response.end("{}");
      case "/image" -> response.putHeader("Content-Type", "image/png").end(TEXT);
      case "/coded" -> response.putHeader("Content-Encoding", "x").end(TEXT);
      case "/fixed" -> response.putHeader("Cache-Control", "max-age=1, No-Transform").end(TEXT);
      case "/part" ->
          response.setStatusCode(206).putHeader("Content-Range", "bytes 0-1/2").end(TEXT);
      case "/digest" -> response.putHeader("Repr-Digest", "sha-256=:x:").end(TEXT);
      case "/nothing" -> response.setStatusCode(204).end();
      case "/events" -> {
        response.putHeader("Content-Type", "text/event-stream").setChunked(true);
        response.write("data: " + "x".repeat(2_000) + "\n\n");
        response.end();
      }
      default -> response.end(TEXT);
    }
  }

  private static String gunzip(Message message) throws IOException {
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(message.body().getBytes())).readAllBytes(),
        StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x", "/chunks", "/tagged"})
  void textIsCompressedForWhoAcceptsIt(String path) throws IOException {
    RawClient client = proxy.connect();

    Message answer = client.get("/shop" + path, "Accept-Encoding: br, gzip");

    assertThat(answer.all("Content-Encoding")).containsExactly("gzip");
    assertThat(answer.all("Content-Length")).isEmpty();
    assertThat(answer.all("Vary")).containsExactly("Accept-Encoding");
    assertThat(gunzip(answer)).isEqualTo(TEXT);
    assertThat(answer.body().length()).isLessThan(TEXT.length() / 50);
    assertThat(client.get("/shop/short").text()).isEqualTo("{}");
  }

  @Test
  void aTagIsWeakThen() {
    assertThat(proxy.connect().get("/shop/tagged", "Accept-Encoding: gzip").all("ETag"))
        .containsExactly("W/\"v1\"");
    assertThat(proxy.connect().get("/shop/tagged").all("ETag")).containsExactly("\"v1\"");
  }

  @Test
  void deflateIsTheZlibFormat() throws IOException {
    Message answer = proxy.connect().get("/shop/x", "Accept-Encoding: deflate, gzip;q=0.5");

    assertThat(answer.all("Content-Encoding")).containsExactly("deflate");
    assertThat(
            new String(
                new InflaterInputStream(new ByteArrayInputStream(answer.body().getBytes()))
                    .readAllBytes(),
                StandardCharsets.UTF_8))
        .isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/x|identity",
        "/x|gzip;q=0, deflate;q=0",
        "/x|br",
        "/short|gzip",
        "/image|gzip",
        "/coded|gzip",
        "/fixed|gzip",
        "/part|gzip",
        "/digest|gzip",
        "/events|gzip",
      })
  void theRestStaysAsItIs(String path, String accepted) {
    Message answer = proxy.connect().get("/shop" + path, "Accept-Encoding: " + accepted);

    assertThat(answer.all("Content-Encoding")).doesNotContain("gzip", "deflate");
    assertThat(answer.body().length()).isIn(2, TEXT.length(), 2_008);
  }

  @Test
  void rangesAndHeadsStayAsTheyAre() throws IOException {
    assertThat(
            proxy
                .connect()
                .get("/shop/x", "Accept-Encoding: gzip", "Range: bytes=0-")
                .all("Content-Encoding"))
        .isEmpty();
    RawClient client = proxy.connect();
    client.sendHead("HEAD /shop/x HTTP/1.1", "Host: a", "Accept-Encoding: gzip");
    Message head = client.readHead();
    assertThat(head.all("Content-Encoding")).isEmpty();
    assertThat(client.get("/shop/nothing", "Accept-Encoding: gzip").status()).isEqualTo(204);
  }
}
