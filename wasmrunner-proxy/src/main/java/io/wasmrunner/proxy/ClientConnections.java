package io.wasmrunner.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections on one event loop: closes those without a request under way for too
 * long, which includes clients that do not finish a request's head or do not read their answers.
 * Confined to its event loop.
 */
final class ClientConnections {
  private final Map<HttpConnection, Usage> connections = new HashMap<>();
  private final Map<Channel, Long> newcomers = new HashMap<>();
  private final List<Visit> managed = new ArrayList<>();

  private static final class Usage {
    private @Nullable HttpServerResponse last;
    private int requests;
    private long idleSince;
    private long unwritten = Long.MAX_VALUE;

    private boolean busy(HttpConnection connection) {
      return (last != null && !last.ended() && !last.closed()) || ClientStream.isBusy(connection);
    }

    private boolean isIdle(HttpConnection connection, long now, long nanos) {
      if (last != null || ClientStream.isBusy(connection)) {
        // Used now, or since the last look.
        idleSince = now;
        last = busy(connection) ? last : null;
        return false;
      }
      if (now - idleSince <= nanos) {
        return false;
      }
      boolean reading = isReading(connection);
      if (reading) {
        idleSince = now;
      }
      return !reading;
    }

    /** Whether the client has taken something of its answers since the last call. */
    private boolean isReading(HttpConnection connection) {
      long before = unwritten;
      unwritten = ClientChannel.unwritten(connection);
      return unwritten > 0 && unwritten < before;
    }
  }

  /** A client has connected; what it will speak is open. */
  void entered(Channel channel, long now) {
    newcomers.put(channel, now);
    channel.closeFuture().addListener(closed -> newcomers.remove(channel));
  }

  /** A client speaks HTTP. */
  void opened(HttpConnection connection, long now) {
    Usage usage = new Usage();
    usage.idleSince = now;
    if (connection instanceof ConnectionBase base) {
      newcomers.remove(base.channel());
      Http2ConnectionHandler http2 = ClientStream.http2(connection);
      if (http2 != null) {
        Http2Trailers.install(base.channelHandlerContext(), http2);
      }
    }
    connections.put(connection, usage);
    connection.closeHandler(closed -> connections.remove(connection));
  }

  /** A request has arrived; says which of its connection it is, from 1. */
  int serving(HttpServerRequest request) {
    Usage usage = connections.get(request.connection());
    if (usage != null) {
      usage.last = request.response();
      return ++usage.requests;
    }
    return 0;
  }

  /** A request is answered by the management side, which tells nobody when it is over. */
  void managing(Visit visit) {
    managed.add(visit);
    visit
        .request()
        .response()
        .bodyEndHandler(
            sent -> {
              visit.over();
              managed.remove(visit);
            });
  }

  private void forgetManaged() {
    for (Visit visit : List.copyOf(managed)) {
      HttpServerResponse response = visit.request().response();
      if (response.ended() || response.closed()) {
        visit.over();
        managed.remove(visit);
      }
    }
  }

  /** The connection speaks another protocol now. */
  void forget(HttpConnection connection) {
    connections.remove(connection);
  }

  /** Closes connections that have been idle for so long. */
  @SuppressWarnings("FutureReturnValueIgnored") // what closes is forgotten by its close handler
  void closeIdle(long now, long nanos) {
    forgetManaged();
    List<HttpConnection> idle = new ArrayList<>();
    connections.forEach(
        (connection, usage) -> {
          if (usage.isIdle(connection, now, nanos)) {
            idle.add(connection);
          }
        });
    for (HttpConnection connection : idle) {
      connections.remove(connection);
      ClientChannel.close(connection);
    }
    for (Map.Entry<Channel, Long> newcomer : List.copyOf(newcomers.entrySet())) {
      if (now - newcomer.getValue() > nanos) {
        newcomer.getKey().close();
      }
    }
  }

  /** Closes event streams: they would never end by themselves. */
  void closeEventStreams() {
    for (Visit visit : List.copyOf(managed)) {
      HttpServerResponse response = visit.request().response();
      if (ClientStream.isHttp2(visit.request())
          && !response.ended()
          && !response.closed()
          && isEventStream(response)) {
        response.reset(Http2Error.NO_ERROR.code());
      }
    }
    for (Map.Entry<HttpConnection, Usage> entry : new ArrayList<>(connections.entrySet())) {
      HttpServerResponse last = entry.getValue().last;
      if (last != null && entry.getValue().busy(entry.getKey()) && isEventStream(last)) {
        ClientChannel.close(entry.getKey());
      }
    }
  }

  private static boolean isEventStream(HttpServerResponse response) {
    String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }
}
