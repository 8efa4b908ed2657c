package io.wasmrunner.proxy;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One event loop of the proxy: its listeners, its connections, its requests. */
final class LoopVerticle extends VerticleBase {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long SWEEP_MILLIS = 1_000;

  private final SharedState shared;
  private final Handler<HttpServerRequest> management;
  private final int entryPort;
  private final int innerPort;
  private final int guestPort;
  private HttpServer entry;
  private HttpServer inner;
  private @Nullable HttpServer guests;
  private Forwarder forwarder;
  private ProxyLoop loop;

  /** Makes a loop that listens on these ports; loops share a free one by a negative number. */
  @SuppressWarnings("NullAway.Init") // start() comes before everything else
  LoopVerticle(
      SharedState shared,
      Handler<HttpServerRequest> management,
      int entryPort,
      int innerPort,
      int guestPort) {
    this.shared = shared;
    this.management = management;
    this.entryPort = entryPort;
    this.innerPort = innerPort;
    this.guestPort = guestPort;
  }

  @Override
  public Future<?> start() {
    loop = new ProxyLoop(vertx, context, shared);
    forwarder =
        new GuardedForwarder(
            shared.options().forwarder() == ForwarderKind.NATIVE
                ? new NativeForwarder(loop)
                : new WebProxyForwarder(loop));
    EntryHandler handler = new EntryHandler(loop, forwarder, management);
    ConnectionLimit limit = shared.connectionLimit();
    entry = server(handler, ListenerOptions.entry(shared.options(), shared.tls()), limit, handler);
    inner =
        server(
            handler,
            ListenerOptions.inner(shared.options()),
            ConnectionLimit.NONE,
            request -> handler.handleInner(request, shared.innerToken()));
    shared.routes().onChange(() -> context.runOnContext(v -> forwarder.routesChanged()));
    vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
    return entry
        .listen(entryPort, shared.options().host())
        .compose(listening -> inner.listen(innerPort, LOOPBACK))
        .compose(listening -> listenForGuests(handler));
  }

  private Future<?> listenForGuests(EntryHandler handler) {
    if (shared.options().tls().isEmpty()) {
      return Future.succeededFuture();
    }
    HttpServer cleartext =
        server(handler, ListenerOptions.inner(shared.options()), shared.connectionLimit(), handler);
    guests = cleartext;
    return cleartext.listen(guestPort, LOOPBACK);
  }

  /** Port of the listener for guests, if there is one. */
  Optional<Integer> guestPort() {
    return Optional.ofNullable(guests).map(HttpServer::actualPort);
  }

  /** Requests that the forwarder has in hand; a moment old. */
  int exchanges() {
    return loop.deadlines().all().size();
  }

  int entryPort() {
    return entry.actualPort();
  }

  int innerPort() {
    return inner.actualPort();
  }

  /** Takes another certificate for all loops that listen on this port. */
  Future<?> use(TlsMaterial material) {
    return entry.updateSSLOptions(material.options(), true);
  }

  @Override
  public Future<?> stop() {
    return forwarder.close();
  }

  /** Takes no more connections; completes when requests under way have ended, or are cut off. */
  Future<Void> drain() {
    return onContext(
        () -> {
          forwarder.drain();
          loop.clients().closeEventStreams();
          long millis = Math.max(1, shared.options().drainTimeout().toMillis());
          return Future.join(
                  Stream.of(Optional.of(entry), Optional.of(inner), Optional.ofNullable(guests))
                      .flatMap(Optional::stream)
                      .map(server -> server.shutdown(millis, TimeUnit.MILLISECONDS))
                      .toList())
              .mapEmpty();
        });
  }

  private Future<Void> onContext(Supplier<Future<Void>> action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(v -> action.get().onComplete(done));
    return done.future();
  }

  private HttpServer server(
      EntryHandler handler,
      HttpServerOptions options,
      ConnectionLimit limit,
      Handler<HttpServerRequest> requests) {
    return GuardedServer.create(vertx, options, limit, pipeline -> guard(pipeline, options))
        .connectionHandler(
            connection -> loop.clients().opened(connection, loop.deadlines().preciseNow()))
        .invalidRequestHandler(handler::handleInvalid)
        .requestHandler(requests);
  }

  private void guard(ChannelPipeline pipeline, HttpServerOptions options) {
    loop.clients().entered(pipeline.channel(), loop.deadlines().preciseNow());
    SslHandler tls = pipeline.get(SslHandler.class);
    if (tls != null && "h2".equals(tls.applicationProtocol())) {
      pipeline.addLast(new Http2Guard(loop, Http2Entry.PREFACE_BYTES, 0));
    } else {
      pipeline.addLast(new FramingGuard(loop, tls == null && options.isHttp2ClearTextEnabled()));
    }
  }

  private void sweep() {
    loop.clients()
        .closeIdle(loop.deadlines().preciseNow(), shared.options().limits().clientIdle().toNanos());
    forwarder.sweep();
  }
}
