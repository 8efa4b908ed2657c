package io.wasmrunner.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What carries a client's request: in HTTP/1 the connection, in HTTP/2 a stream of it, which ends
 * without a word to the others.
 */
final class ClientStream {
  private ClientStream() {}

  static boolean isHttp2(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }

  /** Whether an HTTP/2 request came without a body. */
  static boolean isHeadOnly(HttpServerRequest request) {
    Http2ConnectionHandler http2 = http2(request.connection());
    Http2Stream stream = http2 == null ? null : http2.connection().stream(request.streamId());
    return stream == null || !stream.state().remoteSideOpen();
  }

  /** Whether requests are under way on an HTTP/2 connection; false for any other. */
  static boolean isBusy(HttpConnection connection) {
    Http2ConnectionHandler http2 = http2(connection);
    return http2 != null && http2.connection().numActiveStreams() > 0;
  }

  /** Address of the client, as text. */
  static String address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "an unknown address";
  }

  /** Ends it so that half an answer cannot be taken for a whole. */
  static void breakOff(HttpServerRequest request) {
    if (isHttp2(request)) {
      request.response().reset(Http2Error.INTERNAL_ERROR.code());
    } else {
      ClientChannel.reset(request.connection());
    }
  }

  /** The HTTP/2 side of a connection; null if it speaks HTTP/1. */
  static @Nullable Http2ConnectionHandler http2(HttpConnection connection) {
    return connection instanceof ConnectionBase base
        ? base.channel().pipeline().get(Http2ConnectionHandler.class)
        : null;
  }
}
