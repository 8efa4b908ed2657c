package io.wasmrunner.proxy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server in a runner's place. */
final class TestingRunner implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  private TestingRunner(Vertx vertx, Handler<HttpServerRequest> handler, int port) {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setMaxHeaderSize(65536).setMaxInitialLineLength(65536))
            .connectionHandler(connection -> connections.incrementAndGet())
            .requestHandler(
                request -> {
                  requests.incrementAndGet();
                  handler.handle(request);
                });
    TestingProxy.await(server.listen(port, "127.0.0.1"));
  }

  static TestingRunner start(Vertx vertx, Handler<HttpServerRequest> handler) {
    return new TestingRunner(vertx, handler, 0);
  }

  static TestingRunner start(Vertx vertx, int port, Handler<HttpServerRequest> handler) {
    return new TestingRunner(vertx, handler, port);
  }

  int port() {
    return server.actualPort();
  }

  int requests() {
    return requests.get();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    TestingProxy.await(server.close());
  }
}
