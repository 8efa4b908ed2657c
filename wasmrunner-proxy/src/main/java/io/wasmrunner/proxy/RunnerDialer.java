package io.wasmrunner.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.buffer.VertxByteBufAllocator;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.util.function.Consumer;

/**
 * Opens connections to runners on an event loop of Vert.x, over the transport in use. Confined to
 * that loop.
 */
final class RunnerDialer {
  private static final int CONNECT_MILLIS = 60_000;

  private final ContextInternal context;
  private final Bootstrap bootstrap;
  private final ChannelGroup open;

  RunnerDialer(Context context) {
    this.context = (ContextInternal) context;
    VertxInternal vertx = this.context.owner();
    this.open = new DefaultChannelGroup(this.context.nettyEventLoop(), true);
    this.bootstrap =
        new Bootstrap()
            .group(this.context.nettyEventLoop())
            .channelFactory(vertx.transport().channelFactory(false))
            .resolver(vertx.nameResolver().nettyAddressResolverGroup())
            .option(ChannelOption.ALLOCATOR, VertxByteBufAllocator.POOLED_ALLOCATOR)
            // A runner may answer early and close: writes fail, but its answer is to be read.
            .option(ChannelOption.AUTO_CLOSE, false);
    vertx
        .transport()
        .configure(
            new NetClientOptions().setTcpNoDelay(true), CONNECT_MILLIS, false, this.bootstrap);
  }

  /** Opens a connection for its owner; one of the two is called. */
  void dial(
      RunnerConnections owner,
      SocketAddress target,
      Consumer<RunnerConnection> opened,
      Consumer<Throwable> failed) {
    ChannelFuture dialled =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    open.add(channel);
                    RunnerConnection.into(owner, context, channel);
                  }
                })
            .connect(context.owner().transport().convert(target));
    dialled.addListener(
        done ->
            context.dispatch(
                () -> {
                  if (done.isSuccess()) {
                    opened.accept(dialled.channel().pipeline().get(RunnerConnection.class));
                  } else {
                    failed.accept(done.cause());
                  }
                }));
  }

  /** Closes all connections, and those that are still being opened. */
  Future<Void> close() {
    Promise<Void> closed = context.promise();
    open.close().addListener(done -> closed.complete());
    return closed.future();
  }
}
