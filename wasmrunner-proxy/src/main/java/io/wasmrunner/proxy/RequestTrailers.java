package io.wasmrunner.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that came after the body of a client's request. */
final class RequestTrailers {
  private RequestTrailers() {}

  /** Those that may be passed on; null when there are none. Call it once, after the body. */
  static @Nullable HttpHeaders take(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    HttpConnection connection = request.connection();
    if (!(connection instanceof ConnectionBase base)) {
      return null;
    }
    if (!ClientStream.isHttp2(request)) {
      FramingGuard guard = base.channel().pipeline().get(FramingGuard.class);
      return guard == null ? null : guard.takeTrailers(exchange.visit().number());
    }
    ChannelHandlerContext ctx = base.channelHandlerContext();
    Http2Headers fields = Http2Trailers.of(ctx, request.streamId());
    return fields == null ? null : allowed(fields);
  }

  /** HTTP/1 requests with other fields are refused; in HTTP/2 they only stay here. */
  private static @Nullable HttpHeaders allowed(Http2Headers fields) {
    HttpHeaders allowed = DefaultHttpHeadersFactory.trailersFactory().newHeaders();
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      String name = field.getKey().toString();
      byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
      if (!name.startsWith(":")
          && Octets.tokenEnd(octets, 0, octets.length) == octets.length
          && FieldName.of(octets, octets.length) != FieldName.MISLEADING
          && !TrailerFields.isForbidden(name)) {
        allowed.add(name, field.getValue());
      }
    }
    return allowed.isEmpty() ? null : allowed;
  }
}
