package io.wasmrunner.dashboard;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** A dashboard behind a real HTTP server on a free port, with its peers on the bus. */
final class TestingDashboard implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final TestingPeers peers = new TestingPeers(vertx);
  private final Context loop = vertx.getOrCreateContext();

  /** For raw sockets. One that nobody refers to is closed some time, and its sockets with it. */
  final NetClient sockets = vertx.createNetClient();

  private final HttpClient client = vertx.createHttpClient();
  private final Dashboard dashboard;
  private final HttpServer server;

  TestingDashboard() {
    this(options(false));
  }

  TestingDashboard(DashboardOptions options) {
    dashboard = get(Dashboard.start(vertx, options));
    get(dashboard.pages());
    server =
        get(vertx.createHttpServer().requestHandler(dashboard.handler()).listen(0, "127.0.0.1"));
  }

  static DashboardOptions options(boolean insecureBind) {
    return new DashboardOptions(
        "1.2.3",
        Set.of("localhost", "127.0.0.1", "[::1]", "runner.internal"),
        insecureBind,
        List.of(
            new PluginInfo(
                "built-in",
                "1.2.3",
                "built-in",
                List.of("http"),
                List.of("round-robin"),
                List.of())),
        () -> new JsonObject().put("port", new JsonObject().put("value", 14_000)),
        Clock.fixed(Samples.NOW, ZoneOffset.UTC));
  }

  /** Waits until the dashboard knows services, schedules and queues. */
  TestingDashboard known() {
    for (String list : List.of("services", "schedules", "queues")) {
      Awaitility.await().until(() -> get(Paths.API + "/" + list).status() == 200);
    }
    return this;
  }

  int port() {
    return server.actualPort();
  }

  HttpClient client() {
    return client;
  }

  Router router() {
    return dashboard.router();
  }

  void closeDashboard() {
    get(dashboard.close());
  }

  Answer get(String path, String... headers) {
    return send(HttpMethod.GET, path, "", headers);
  }

  Answer post(String path, String body, String... headers) {
    return send(HttpMethod.POST, path, body, headers);
  }

  /** Sends a request with headers given as name, value, name, value. */
  Answer send(HttpMethod method, String path, String body, String... headers) {
    // On one event loop: from other threads the client may lose answers that come at once.
    Promise<Answer> answer = Promise.promise();
    loop.runOnContext(
        now ->
            client
                .request(method, port(), "127.0.0.1", path)
                .compose(
                    request -> {
                      for (int i = 0; i < headers.length; i += 2) {
                        request.putHeader(headers[i], headers[i + 1]);
                      }
                      return body.isEmpty() ? request.send() : request.send(Buffer.buffer(body));
                    })
                .compose(
                    response ->
                        response
                            .body()
                            .map(b -> new Answer(response.statusCode(), response.headers(), b)))
                .onComplete(answer));
    return get(answer.future());
  }

  /** Sends these bytes, and gives what comes back up to the end of the headers. */
  String raw(String request) {
    Promise<String> answer = Promise.promise();
    Buffer received = Buffer.buffer();
    sockets
        .connect(port(), "127.0.0.1")
        .onSuccess(
            socket -> {
              socket.handler(
                  bytes -> {
                    received.appendBuffer(bytes);
                    if (received.toString().contains("\r\n\r\n")) {
                      answer.tryComplete(received.toString());
                    }
                  });
              socket.write(request);
            })
        .onFailure(answer::tryFail);
    return get(answer.future());
  }

  /** An answer. */
  record Answer(int status, MultiMap headers, Buffer bytes) {
    String header(String name) {
      return String.valueOf(headers.get(name));
    }

    String body() {
      return bytes.toString();
    }

    JsonObject json() {
      return bytes.toJsonObject();
    }

    Map<String, Object> map() {
      return new TreeMap<>(json().getMap());
    }
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    get(vertx.close());
  }
}
