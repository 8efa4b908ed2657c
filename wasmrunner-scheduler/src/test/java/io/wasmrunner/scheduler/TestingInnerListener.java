package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.model.Payload;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Plays the proxy's inner listener and the services behind it, over real HTTP. */
final class TestingInnerListener {
  static final String TOKEN = "token-of-this-test";

  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Map<String, Function<Received, Future<Answer>>> answers = new ConcurrentHashMap<>();

  /** A request that came with the right token. */
  record Received(String method, String uri, Map<String, String> headers, Payload body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String text() {
      return new String(body.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  /** What to answer. */
  record Answer(int status, Map<String, String> headers, String body) {
    static Answer status(int status) {
      return new Answer(status, Map.of("X-Wasmrunner-Runner", "service/0"), "");
    }

    static Answer ofTheProxy(int status, String code) {
      return new Answer(
          status,
          Map.of("Content-Type", "application/problem+json"),
          "{\"status\": %d, \"code\": \"%s\", \"title\": \"said by the proxy\"}"
              .formatted(status, code));
    }
  }

  TestingInnerListener(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** All requests so far. */
  List<Received> received() {
    return received;
  }

  /** Requests for this URI so far. */
  List<Received> received(String uri) {
    return received.stream().filter(each -> each.uri().equals(uri)).toList();
  }

  void answer(String uri, int status) {
    answer(uri, request -> Future.succeededFuture(Answer.status(status)));
  }

  void answer(String uri, Function<Received, Future<Answer>> how) {
    answers.put(uri, how);
  }

  private void handle(HttpServerRequest request) {
    if (!TOKEN.equals(request.getHeader("WR-Inner-Token"))) {
      request.response().setStatusCode(403).end();
      return;
    }
    request
        .body()
        .map(
            body ->
                new Received(request.method().name(), request.uri(), headers(request), bytes(body)))
        .compose(
            one -> {
              received.add(one);
              return answers
                  .getOrDefault(one.uri(), any -> Future.succeededFuture(Answer.status(200)))
                  .apply(one);
            })
        .onSuccess(
            answer -> {
              answer.headers().forEach(request.response()::putHeader);
              request.response().setStatusCode(answer.status()).end(answer.body());
            })
        .onFailure(failure -> request.connection().close());
  }

  private static Payload bytes(Buffer body) {
    return Payload.of(body.getBytes());
  }

  private static Map<String, String> headers(HttpServerRequest request) {
    Map<String, String> headers = new ConcurrentHashMap<>();
    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    return headers;
  }
}
