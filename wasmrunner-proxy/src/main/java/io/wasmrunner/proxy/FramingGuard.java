package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of the HTTP/1 decoder of a connection and lets through what {@link FramingCheck}
 * has nothing against. At the first fault nothing more of that request goes on, what came before it
 * does, and the connection ends after the refusal. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promises that come along tell
final class FramingGuard extends ChannelDuplexHandler {
  private final ProxyLoop loop;
  private final FramingCheck check;
  private final Http2Entry http2;
  private @Nullable LingeringClose ending;
  private boolean bodyUnderWay;
  private boolean answering;

  /** Makes the guard of one connection; {@code http2} whether cleartext HTTP/2 may be spoken. */
  FramingGuard(ProxyLoop loop, boolean http2) {
    this.loop = loop;
    this.check = new FramingCheck(loop.options().limits());
    this.http2 = new Http2Entry(http2);
  }

  /** Lets everything through from now on: the connection speaks something else. */
  static void dismiss(HttpConnection connection) {
    if (connection instanceof ConnectionBase base
        && base.channel().pipeline().get(FramingGuard.class) != null) {
      base.channel().pipeline().remove(FramingGuard.class);
    }
  }

  /** Trailers of a request of this connection, counted from 1; null when there are none. */
  io.netty.handler.codec.http.@Nullable HttpHeaders takeTrailers(int request) {
    return check.trailers().take(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
    } else if (ending != null) {
      bytes.release();
    } else {
      switch (http2.look(bytes)) {
        case HTTP1 -> inspect(ctx, bytes);
        case UNDECIDED -> ctx.fireChannelRead(bytes);
        case HTTP2 -> {
          becomeHttp2(ctx, bytes, new Http2Guard(loop, http2.missing(), 0));
        }
      }
    }
  }

  private void inspect(ChannelHandlerContext ctx, ByteBuf bytes) {
    int begin = bytes.readerIndex();
    int whole = begin; // Where the last request ended.
    try {
      check.read(http2.before(), 0);
      for (int at = begin; at < bytes.writerIndex(); ) {
        at = check.read(bytes, at);
        if (check.hasEnded()) {
          whole = at;
        }
        if (http2.isFirst()
            && check.hasReadHead()
            && http2.firstRequest(ctx, bytes, check.head())) {
          ctx.fireChannelRead(bytes.readRetainedSlice(at - bytes.readerIndex()));
          becomeHttp2(ctx, bytes, new Http2Guard(loop, Http2Entry.PREFACE_BYTES, 1));
          return;
        }
      }
    } catch (FramingException e) {
      refuse(ctx, bytes, begin, whole, e.fault());
      return;
    }
    boolean body = check.isInBody();
    if (body && (!bodyUnderWay || whole > begin)) {
      answering = false;
    }
    bodyUnderWay = body;
    ctx.fireChannelRead(bytes);
  }

  private void becomeHttp2(ChannelHandlerContext ctx, ByteBuf bytes, Http2Guard guard) {
    ctx.pipeline().addAfter(ctx.name(), null, guard);
    ctx.fireChannelRead(bytes);
    ctx.pipeline().remove(this);
  }

  private void refuse(
      ChannelHandlerContext ctx, ByteBuf bytes, int begin, int whole, FramingFault fault) {
    LingeringClose close = new LingeringClose(ctx);
    ending = close;
    loop.securityEvents().refused(fault, ClientStream.address(ctx.channel()));
    boolean half = bodyUnderWay && whole == begin;
    if (whole > bytes.readerIndex()) {
      ctx.fireChannelRead(bytes.readRetainedSlice(whole - bytes.readerIndex()));
    }
    bytes.release();
    if (half) {
      cutOff(ctx, close, fault);
    } else {
      Http2Entry.becomeHttp1(ctx);
      ctx.fireChannelRead(refused(fault));
    }
  }

  /** A request that is answered in its turn, after those before it. */
  private static HttpRequest refused(FramingFault fault) {
    HttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request", Unpooled.EMPTY_BUFFER);
    request.setDecoderResult(DecoderResult.failure(new FramingException(fault)));
    return request;
  }

  /** Half of the request has gone on; it will never be whole. */
  private void cutOff(ChannelHandlerContext ctx, LingeringClose close, FramingFault fault) {
    if (answering) {
      close.breakOff();
      return;
    }
    // Not read on means: the answer to the request before is not out. It comes first then.
    boolean next = ctx.channel().config().isAutoRead();
    if (next) {
      Refusal refusal = MalformedRequest.refusal(fault, loop.options().limits());
      String id = Caller.newId(loop.options().edge().random());
      ctx.write(MalformedRequest.answer(refusal, id, ctx.alloc()));
    }
    HttpContent rest = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    rest.setDecoderResult(DecoderResult.failure(new FramingException(fault)));
    ctx.fireChannelRead(rest);
    if (next) {
      close.close(ctx.newPromise());
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    answering = true;
    ctx.write(message, promise);
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (ending == null) {
      ctx.close(promise);
    } else {
      ending.close(promise);
    }
  }
}
