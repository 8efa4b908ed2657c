package io.wasmrunner.it;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * A program that knows nothing of wasmrunner, for the launcher {@code command}: WebSockets and
 * bodies that get back what they send, event streams, answers that break off, and a health path.
 * Argument: the port.
 */
final class EchoServer {
  /** Bytes of the answer to {@code /large}. */
  static final int LARGE = 1 << 20;

  private static final long MILLIS_PER_EVENT = 5;

  private EchoServer() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    vertx
        .createHttpServer()
        .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
        .requestHandler(request -> answer(vertx, request))
        .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
        .onFailure(
            failure -> {
              System.err.println(failure);
              System.exit(1);
            });
  }

  private static void answer(Vertx vertx, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    switch (request.path()) {
      case "/echo", "/raw" -> {
        response.putHeader("Content-Type", "text/plain").setChunked(true);
        // Whoever leaves amid it has no use for the rest.
        request.pipeTo(response).onFailure(gone -> response.reset());
      }
      case "/large" -> response.end("l".repeat(LARGE));
      case "/events" -> {
        response.putHeader("Content-Type", "text/event-stream").setChunked(true);
        long timer = vertx.setPeriodic(MILLIS_PER_EVENT, tick -> response.write("data: tick\n\n"));
        response.exceptionHandler(gone -> vertx.cancelTimer(timer));
        response.closeHandler(gone -> vertx.cancelTimer(timer));
      }
      case "/reset" -> request.connection().close();
      case "/half" -> {
        response.setChunked(true);
        response.write("half").onComplete(sent -> request.connection().close());
      }
      default -> response.end("ok");
    }
  }
}
