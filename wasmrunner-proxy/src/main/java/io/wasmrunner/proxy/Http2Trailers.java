package io.wasmrunner.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trailers of requests on an HTTP/2 connection with their streams: Vert.x drops them.
 * Confined to its event loop.
 */
final class Http2Trailers extends Http2FrameListenerDecorator {
  private static final AttributeKey<Http2Trailers> ATTRIBUTE =
      AttributeKey.valueOf(Http2Trailers.class, "trailers");

  private final Http2Connection connection;
  private final Http2Connection.PropertyKey begun;
  private final Http2Connection.PropertyKey trailers;

  private Http2Trailers(Http2ConnectionHandler handler) {
    super(handler.decoder().frameListener());
    this.connection = handler.connection();
    this.begun = connection.newKey();
    this.trailers = connection.newKey();
  }

  /** Listens to a connection from now on. */
  static void install(ChannelHandlerContext ctx, Http2ConnectionHandler handler) {
    if (ctx.channel().attr(ATTRIBUTE).get() == null) {
      Http2Trailers listener = new Http2Trailers(handler);
      handler.decoder().frameListener(listener);
      ctx.channel().attr(ATTRIBUTE).set(listener);
    }
  }

  /** Trailers of the request on this stream; null when there are none. */
  static @Nullable Http2Headers of(ChannelHandlerContext ctx, int streamId) {
    Http2Trailers listener = ctx.channel().attr(ATTRIBUTE).get();
    Http2Stream stream = listener == null ? null : listener.connection.stream(streamId);
    return listener == null || stream == null
        ? null
        : stream.<Http2Headers>getProperty(listener.trailers);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last)
      throws Http2Exception {
    keep(streamId, headers);
    super.onHeadersRead(ctx, streamId, headers, padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    keep(streamId, headers);
    super.onHeadersRead(ctx, streamId, headers, dependency, weight, exclusive, padding, last);
  }

  private void keep(int streamId, Http2Headers headers) {
    Http2Stream stream = connection.stream(streamId);
    if (stream == null) {
      return;
    }
    if (stream.getProperty(begun) == null) {
      stream.setProperty(begun, Boolean.TRUE);
    } else {
      stream.setProperty(trailers, headers);
    }
  }
}
