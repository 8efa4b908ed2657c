package io.wasmrunner.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the open connections of clients: stands where they are accepted, before TLS, so that those
 * that never finish a handshake count too. One that is too many is closed at once. Thread-safe.
 */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  /** No bound. */
  static final ConnectionLimit NONE = new ConnectionLimit(Integer.MAX_VALUE, null);

  private final int most;
  private final @Nullable SecurityEvents events;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimit(int most, @Nullable SecurityEvents events) {
    this.most = most;
    this.events = events;
  }

  /** Connections that are open now. */
  int open() {
    return open.get();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Channel client) {
      if (open.incrementAndGet() > most) {
        open.decrementAndGet();
        // Not registered yet, so there is no other way.
        client.unsafe().closeForcibly();
        if (events != null) {
          events.tooManyConnections(most, ClientStream.address(client));
        }
        return;
      }
      client.closeFuture().addListener(closed -> open.decrementAndGet());
    }
    ctx.fireChannelRead(message);
  }
}
