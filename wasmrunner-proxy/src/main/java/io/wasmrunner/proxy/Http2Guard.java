package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of the HTTP/2 handler of a connection and lets through what {@link
 * Http2FrameCheck} has nothing against; at the first fault the connection ends with GOAWAY.
 * Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that closes anyway
final class Http2Guard extends ChannelInboundHandlerAdapter {
  private static final int HEAD = 9;

  private final SecurityEvents events;
  private final Http2FrameCheck check;
  private final byte[] head = new byte[HEAD];
  private int filled;
  private int skip;
  private boolean over;
  private @Nullable ChannelHandlerContext ctx;

  /**
   * Makes the guard of one connection.
   *
   * @param preface bytes of the preface that are still to come
   * @param newest newest stream that is used up from the start
   */
  Http2Guard(ProxyLoop loop, int preface, int newest) {
    this.events = loop.securityEvents();
    this.skip = preface;
    this.check = new Http2FrameCheck(newest, loop.deadlines()::preciseNow, this::isKnown);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
    } else if (over) {
      bytes.release();
    } else {
      inspect(ctx, bytes);
    }
  }

  private void inspect(ChannelHandlerContext ctx, ByteBuf bytes) {
    int frame = bytes.readerIndex();
    try {
      for (int at = frame; at < bytes.writerIndex(); ) {
        if (skip > 0) {
          int step = Math.min(skip, bytes.writerIndex() - at);
          skip -= step;
          at += step;
          frame = at;
        } else {
          head[filled++] = bytes.getByte(at++);
          if (filled == HEAD) {
            begun();
            frame = skip == 0 ? at : frame;
          }
        }
      }
    } catch (Http2Exception e) {
      end(ctx, bytes, frame, e);
      return;
    }
    ctx.fireChannelRead(bytes);
  }

  private void begun() throws Http2Exception {
    filled = 0;
    skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    int stream =
        (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | (head[8] & 0xff);
    check.frame(head[3], head[4], stream, skip);
  }

  /** What came before the frame goes on, the frame and what follows does not. */
  private void end(ChannelHandlerContext ctx, ByteBuf bytes, int frame, Http2Exception fault) {
    over = true;
    if (frame > bytes.readerIndex()) {
      ctx.fireChannelRead(bytes.readRetainedSlice(frame - bytes.readerIndex()));
    }
    bytes.release();
    events.refused(
        fault.error() == Http2Error.ENHANCE_YOUR_CALM
            ? FramingFault.HTTP2_FLOOD
            : FramingFault.HTTP2_STREAM,
        ClientStream.address(ctx.channel()));
    ChannelHandlerContext http2 = ctx.pipeline().context(Http2ConnectionHandler.class);
    if (http2 == null) {
      ctx.close();
    } else {
      ((Http2ConnectionHandler) http2.handler()).onError(http2, false, fault);
    }
  }

  private boolean isKnown(int stream) {
    Http2ConnectionHandler http2 =
        ctx == null ? null : ctx.pipeline().get(Http2ConnectionHandler.class);
    return http2 != null && http2.connection().stream(stream) != null;
  }
}
