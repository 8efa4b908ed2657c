package io.wasmrunner.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose client may still be sending: what it sends is read into nothing for a
 * moment, for a close before that could take the answer away from it. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promises that come along tell
final class LingeringClose {
  private static final long LINGER_MILLIS = 2_000;

  private final ChannelHandlerContext ctx;
  private boolean begun;

  LingeringClose(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /** Says that no more will be sent; the promise is kept when the connection has ended. */
  void close(ChannelPromise promise) {
    Channel channel = ctx.channel();
    channel.closeFuture().addListener(closed -> promise.trySuccess());
    if (begun) {
      return;
    }
    begun = true;
    ctx.flush();
    channel.config().setAutoRead(true);
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
    var timer = ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  /** Ends it at once, so that half an answer cannot be taken for a whole. */
  void breakOff() {
    begun = true;
    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ctx.close();
  }
}
