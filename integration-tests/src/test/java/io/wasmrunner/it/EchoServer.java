package io.wasmrunner.it;

import io.vertx.core.Vertx;

/**
 * A program that knows nothing of wasmrunner, for the launcher {@code command}: WebSockets that get
 * back what they send, and a health path. Argument: the port.
 */
final class EchoServer {
  private EchoServer() {}

  public static void main(String[] arguments) {
    Vertx.vertx()
        .createHttpServer()
        .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
        .requestHandler(request -> request.response().end("ok"))
        .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
        .onFailure(
            failure -> {
              System.err.println(failure);
              System.exit(1);
            });
  }
}
