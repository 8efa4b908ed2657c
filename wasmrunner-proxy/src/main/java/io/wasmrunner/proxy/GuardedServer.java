package io.wasmrunner.proxy;

import io.netty.channel.ChannelPipeline;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.impl.NetServerImpl;
import io.vertx.core.spi.transport.Transport;
import java.util.function.Consumer;

/**
 * An HTTP server of Vert.x whose connections get a handler of ours before anything reads them.
 *
 * <p>A handler added by {@link HttpServer#connectionHandler} would come too late: while cleartext
 * HTTP/2 is on, Vert.x calls that after it has decoded the first request.
 */
final class GuardedServer extends VertxWrapper {
  private final Transport transport;
  private final Consumer<ChannelPipeline> guard;

  private GuardedServer(Vertx vertx, Transport transport, Consumer<ChannelPipeline> guard) {
    super((VertxInternal) vertx);
    this.transport = transport;
    this.guard = guard;
  }

  /**
   * Makes a server.
   *
   * @param limit bounds its connections
   * @param guard gets each new pipeline, on its event loop: TLS, if any, is done, and nothing that
   *     knows HTTP is in it
   */
  static HttpServer create(
      Vertx vertx,
      HttpServerOptions options,
      ConnectionLimit limit,
      Consumer<ChannelPipeline> guard) {
    Transport transport = new LimitedTransport(((VertxInternal) vertx).transport(), limit);
    return new HttpServerImpl(new GuardedServer(vertx, transport, guard), options);
  }

  @Override
  public Transport transport() {
    return transport;
  }

  @Override
  public NetServerImpl createNetServer(NetServerOptions options) {
    return new NetServerImpl(this, options) {
      @Override
      protected void initChannel(ChannelPipeline pipeline, boolean ssl) {
        guard.accept(pipeline);
        super.initChannel(pipeline, ssl);
      }
    };
  }
}
