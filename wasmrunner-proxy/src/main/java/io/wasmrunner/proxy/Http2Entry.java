package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/**
 * The two ways into cleartext HTTP/2: its preface as the first bytes, or an upgrade as the first
 * request. Vert.x goes both, in handlers that come into the pipeline with the first bytes; what
 * only looks like an upgrade is kept from it, for it would not be answered. Confined to its event
 * loop.
 */
final class Http2Entry {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** In no preface, so that it is clear that none comes. */
  private static final byte[] NO_PREFACE = {'X'};

  static final int PREFACE_BYTES = PREFACE.length;

  private static final String DECODER = "httpDecoder";
  private static final String UPGRADE = "h2c";

  private final boolean allowed;
  private int matched;
  private int missing = PREFACE.length;
  private boolean first = true;

  /** Makes the door of a connection; without cleartext HTTP/2 it stays shut. */
  Http2Entry(boolean allowed) {
    this.allowed = allowed;
  }

  /** What the first bytes of a connection are. */
  enum Start {
    HTTP1,
    UNDECIDED,
    HTTP2
  }

  /** Looks at bytes that have come; they stay unread. */
  Start look(ByteBuf bytes) {
    if (!allowed || !first || matched < 0) {
      return Start.HTTP1;
    }
    int at = bytes.readerIndex();
    int known = matched;
    while (at < bytes.writerIndex() && known < PREFACE.length) {
      if (bytes.getByte(at++) != PREFACE[known++]) {
        return Start.HTTP1;
      }
    }
    missing = PREFACE.length - matched;
    matched = known;
    return known == PREFACE.length ? Start.HTTP2 : Start.UNDECIDED;
  }

  /** How much of the preface was missing before the bytes that were looked at last. */
  int missing() {
    return missing;
  }

  /** What came before the bytes that turned out to be no preface. */
  ByteBuf before() {
    ByteBuf before =
        matched <= 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(PREFACE, 0, matched);
    matched = -1;
    return before;
  }

  /** Whether the first request is still to come. */
  boolean isFirst() {
    return first;
  }

  /**
   * The head of the first request has been read and not yet passed on.
   *
   * @return whether Vert.x will take it for an upgrade to HTTP/2; it has no body then
   */
  boolean firstRequest(ChannelHandlerContext ctx, ByteBuf request, RequestHead head) {
    first = false;
    if (!allowed || !head.asksForHttp2()) {
      return false;
    }
    if (head.mayBecomeHttp2()) {
      return true;
    }
    while (ctx.pipeline().get(UPGRADE) == null && request.isReadable()) {
      ctx.fireChannelRead(request.readRetainedSlice(1));
    }
    if (ctx.pipeline().get(UPGRADE) != null) {
      ctx.pipeline().addBefore(UPGRADE, null, new NoUpgrade());
    }
    return false;
  }

  /** Makes Vert.x speak HTTP/1 if it has not made up its mind. */
  static void becomeHttp1(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(DECODER) == null) {
      ctx.fireChannelRead(Unpooled.wrappedBuffer(NO_PREFACE));
    }
  }

  /** Answers as if nothing had been asked: RFC 9110, 7.8. */
  private static final class NoUpgrade extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        request.headers().remove(HttpHeaderNames.UPGRADE);
        ctx.fireChannelRead(message);
        ctx.pipeline().remove(this);
      } else {
        ctx.fireChannelRead(message);
      }
    }
  }
}
