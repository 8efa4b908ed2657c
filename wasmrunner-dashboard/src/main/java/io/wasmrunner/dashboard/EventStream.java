package io.wasmrunner.dashboard;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients of the live events. Thread-safe: each client is written to on its own event loop. Beyond
 * the bound of clients new ones get 503; a client that does not read is dropped.
 */
final class EventStream implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  private final int bound;
  private final int unreadBytes;
  private final LongFunction<List<Buffer>> greeting;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private final AtomicInteger size = new AtomicInteger();

  /**
   * Makes a stream.
   *
   * @param bound most clients at once
   * @param unreadBytes a client with more bytes waiting is dropped
   * @param greeting what a new client gets first, by the last event it knows (0 for none)
   */
  EventStream(int bound, int unreadBytes, LongFunction<List<Buffer>> greeting) {
    this.bound = bound;
    this.unreadBytes = unreadBytes;
    this.greeting = greeting;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
      return;
    }
    if (size.incrementAndGet() > bound) {
      size.decrementAndGet();
      throw Problem.tooManyStreams(bound);
    }
    Client client = new Client(context.vertx().getOrCreateContext(), context.request());
    response.setChunked(true).setWriteQueueMaxSize(unreadBytes);
    response.closeHandler(closed -> forget(client));
    response.exceptionHandler(broken -> forget(client));
    clients.add(client);
    response.write(Buffer.buffer("retry: 2000\n\n"));
    greeting.apply(lastKnown(context)).forEach(response::write);
  }

  /** Sends to everyone. */
  void broadcast(Buffer frame) {
    clients.forEach(client -> client.send(frame));
  }

  /** Clients now. */
  int size() {
    return size.get();
  }

  /** Ends every stream. */
  void close() {
    clients.forEach(Client::drop);
  }

  /** A frame with an event name and one line of data. */
  static Buffer frame(String event, Buffer json) {
    return Buffer.buffer("event: " + event + "\ndata: ").appendBuffer(json).appendString("\n\n");
  }

  /** A frame that the client names when it comes back. */
  static Buffer frame(long id, String event, Buffer json) {
    return Buffer.buffer("id: " + id + "\n").appendBuffer(frame(event, json));
  }

  private void forget(Client client) {
    if (clients.remove(client)) {
      size.decrementAndGet();
    }
  }

  /** One listener, touched only on its own event loop. */
  private record Client(Context loop, HttpServerRequest request) {
    void send(Buffer frame) {
      loop.runOnContext(
          now -> {
            if (request.response().writeQueueFull()) {
              LOG.info("dropped {}: it does not read its live events", request.remoteAddress());
              cut(request.connection());
            } else if (!request.response().closed()) {
              request.response().write(frame);
            }
          });
    }

    void drop() {
      loop.runOnContext(now -> cut(request.connection()));
    }
  }

  /** Closes at once. The plain close would wait until the client has read what it does not read. */
  @SuppressWarnings("FutureReturnValueIgnored") // the close handler of the response hears of it
  static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase tcp) {
      tcp.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }

  private static long lastKnown(RoutingContext context) {
    String id = context.request().getHeader("Last-Event-ID");
    return id != null && id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
  }
}
