package io.wasmrunner.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxConnection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Passes interim answers of a runner on, such as 103 Early Hints: RFC 9110, 15.2. At most 16 for a
 * request; an HTTP/1.0 client gets none. Confined to its event loop.
 */
final class InterimAnswers {
  private static final int MOST = 16;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private int passed;

  InterimAnswers(Exchange exchange) {
    this.request = exchange.request();
    this.response = exchange.response();
  }

  /** Passes one on, if the client can have it. */
  void pass(int status, HttpHeaders fields) {
    if (passed >= MOST
        || request.version() == HttpVersion.HTTP_1_0
        || response.headWritten()
        || response.ended()
        || response.closed()) {
      return;
    }
    passed++;
    Set<String> named = HopHeaders.namedIn(fields.getAll(HttpHeaderNames.CONNECTION));
    HttpConnection connection = request.connection();
    Http2ConnectionHandler http2 = ClientStream.http2(connection);
    if (http2 != null && connection instanceof ConnectionBase base) {
      write(base.channelHandlerContext(), http2, request.streamId(), http2(status, fields, named));
    } else if (connection instanceof VertxConnection http1) {
      // In its turn: something may still wait to be written.
      http1.writeToChannel(http1(status, fields, named));
    }
  }

  private static DefaultFullHttpResponse http1(int status, HttpHeaders fields, Set<String> named) {
    DefaultFullHttpResponse interim =
        new DefaultFullHttpResponse(
            io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.EMPTY_BUFFER,
            DefaultHttpHeadersFactory.headersFactory(),
            DefaultHttpHeadersFactory.trailersFactory());
    for (Map.Entry<String, String> field : fields) {
      if (passes(field.getKey(), named)) {
        interim.headers().add(field.getKey(), field.getValue());
      }
    }
    return interim;
  }

  private static Http2Headers http2(int status, HttpHeaders fields, Set<String> named) {
    Http2Headers interim = new DefaultHttp2Headers();
    interim.status(Integer.toString(status));
    for (Map.Entry<String, String> field : fields) {
      if (passes(field.getKey(), named)) {
        interim.add(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
      }
    }
    return interim;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a stream that has gone needs no interim answer
  private static void write(
      ChannelHandlerContext ctx, Http2ConnectionHandler http2, int stream, Http2Headers interim) {
    if (http2.connection().stream(stream) != null) {
      http2.encoder().writeHeaders(ctx, stream, interim, 0, false, ctx.newPromise());
      ctx.flush();
    }
  }

  private static boolean passes(String name, Set<String> named) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !HopHeaders.is(name) && !named.contains(lower) && !lower.equals("content-length");
  }
}
