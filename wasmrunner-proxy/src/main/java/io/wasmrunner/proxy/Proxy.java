package io.wasmrunner.proxy;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.spi.PluginCatalog;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry point: one port in front of all services. Thread-safe.
 *
 * <p>Paths of wasmrunner's own ({@code /}, {@code /health}, {@code /ready}, {@code /favicon.ico},
 * {@code /__runner__} and what is below it) go to the management handler untouched, on the event
 * loop that took them. Everything else is forwarded to the service with the longest prefix.
 *
 * <p>A second listener on loopback, for deliveries and guests of this process, serves services only
 * and asks for a token in the header {@code WR-Inner-Token}. While the entry point speaks TLS, a
 * third one on loopback does what the entry point does, for guests that do not speak it.
 */
public final class Proxy {
  private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

  private static final AtomicInteger FREE_PORT = new AtomicInteger();

  private final Vertx vertx;
  private final SharedState shared;
  private final List<LoopVerticle> loops = new ArrayList<>();
  private final List<String> deployments = new ArrayList<>();

  private Proxy(Vertx vertx, SharedState shared) {
    this.vertx = vertx;
    this.shared = shared;
  }

  /**
   * Listens, then follows the routes that the runtime tells; until it does, services are answered
   * for with 503.
   *
   * @param management gets the reserved paths; called on all event loops
   * @return fails with a {@link io.wasmrunner.model.WasmrunnerException}: WR-3001 when the port is
   *     taken, WR-3002 when listening there is not allowed, WR-3003 when there is no such address.
   *     Nothing is left running then.
   */
  public static Future<Proxy> start(
      Vertx vertx,
      ProxyOptions options,
      PluginCatalog plugins,
      Handler<HttpServerRequest> management) {
    return start(vertx, options, plugins, management, System::nanoTime);
  }

  /** As the other, with its own source of nanoseconds for all time-outs; called on event loops. */
  static Future<Proxy> start(
      Vertx vertx,
      ProxyOptions options,
      PluginCatalog plugins,
      Handler<HttpServerRequest> management,
      LongSupplier ticker) {
    Bus bus = Bus.of(vertx);
    return vertx
        .executeBlocking(() -> new SharedState(vertx, options, bus, plugins, ticker))
        .recover(cause -> ListenFailure.explain(vertx, options, cause))
        .compose(shared -> start(new Proxy(vertx, shared), bus, management));
  }

  private static Future<Proxy> start(Proxy proxy, Bus bus, Handler<HttpServerRequest> management) {
    SharedState shared = proxy.shared;
    return proxy
        .listen(management)
        .compose(listening -> proxy.deploy(new ControlVerticle(shared, bus)))
        .<Proxy>map(
            deployed -> {
              proxy.watchCertificates(bus);
              return proxy;
            })
        .recover(
            cause ->
                proxy
                    .undeploy()
                    .transform(
                        undone -> ListenFailure.explain(proxy.vertx, shared.options(), cause)));
  }

  private void watchCertificates(Bus bus) {
    shared
        .tls()
        .ifPresent(
            material -> {
              TlsWatch watch =
                  new TlsWatch(vertx, bus, shared.options().clock(), material, loops.get(0)::use);
              shared.onClose(watch::stop);
              watch.start();
            });
  }

  /** Base of the public paths, with the port that was bound, such as http://127.0.0.1:14000. */
  public URI entryPoint() {
    String scheme = shared.options().tls().isPresent() ? "https" : "http";
    return base(scheme, shared.options().host(), loops.get(0).entryPort());
  }

  /** Base of the inner listener, for requests with {@link #innerToken()}. */
  public URI innerBase() {
    return base("http", "127.0.0.1", loops.get(0).innerPort());
  }

  /** Base of the public paths without TLS, on loopback for guests; only when there is TLS. */
  public Optional<URI> guestBase() {
    return loops.get(0).guestPort().map(port -> base("http", "127.0.0.1", port));
  }

  /** Value of {@code WR-Inner-Token}. A secret of this process. */
  public String innerToken() {
    return shared.innerToken().reveal();
  }

  /**
   * Stops listening, lets requests under way end for at most the drain time-out, then closes.
   * WebSockets and event streams are closed at once: they would never end. Idempotent.
   */
  public Future<Void> close() {
    if (shared.startDraining()) {
      LOG.info("the entry point closes");
    }
    return Future.join(loops.stream().map(LoopVerticle::drain).toList())
        .transform(drained -> undeploy());
  }

  /** Open connections of clients, but for those at the inner listener. */
  int clientConnections() {
    return shared.connectionLimit().open();
  }

  /** Requests that the forwarder has in hand; a moment old. */
  int exchanges() {
    return loops.stream().mapToInt(LoopVerticle::exchanges).sum();
  }

  private Future<Void> listen(Handler<HttpServerRequest> management) {
    // Vert.x: servers that listen on the same negative port share a free one.
    int port = shared.options().port() == 0 ? FREE_PORT.decrementAndGet() : shared.options().port();
    int innerPort = FREE_PORT.decrementAndGet();
    int guestPort = FREE_PORT.decrementAndGet();
    Future<Void> listening = Future.succeededFuture();
    for (int i = 0; i < shared.options().eventLoops(); i++) {
      listening =
          listening.compose(
              before -> listen(new LoopVerticle(shared, management, port, innerPort, guestPort)));
    }
    return listening;
  }

  private Future<Void> listen(LoopVerticle loop) {
    return deploy(loop).onSuccess(deployed -> loops.add(loop));
  }

  private Future<Void> deploy(Deployable verticle) {
    return vertx
        .deployVerticle(verticle)
        .onSuccess(
            id -> {
              synchronized (deployments) {
                deployments.add(id);
              }
            })
        .mapEmpty();
  }

  private Future<Void> undeploy() {
    List<String> ids;
    synchronized (deployments) {
      ids = List.copyOf(deployments);
      deployments.clear();
    }
    return Future.join(ids.stream().map(vertx::undeploy).toList())
        .transform(
            undeployed ->
                vertx.executeBlocking(
                    () -> {
                      shared.policing().close();
                      shared.close();
                      return null;
                    }));
  }

  private static URI base(String scheme, String host, int port) {
    String reachable = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
    return URI.create(
        scheme
            + "://"
            + (reachable.indexOf(':') >= 0 ? "[" + reachable + "]" : reachable)
            + ":"
            + port);
  }
}
