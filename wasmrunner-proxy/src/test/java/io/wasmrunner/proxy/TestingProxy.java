package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.model.Policies;
import io.wasmrunner.spi.Plugin;
import io.wasmrunner.spi.PluginCatalog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A proxy on a free port, with a runtime that tests control. */
final class TestingProxy implements AutoCloseable {
  private final Vertx vertx;
  private final TestingRuntime runtime;
  private final Proxy proxy;
  private final List<AutoCloseable> closeables = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestingProxy(Vertx vertx, TestingRuntime runtime, Proxy proxy) {
    this.vertx = vertx;
    this.runtime = runtime;
    this.proxy = proxy;
  }

  static TestingProxy start() {
    return start(options -> options);
  }

  /** With one event loop, whose time goes on as the test says. */
  static TestingProxy start(TestingTicker ticker, Plugin... plugins) {
    return start(options -> options.withEventLoops(1), ticker, plugins);
  }

  /** The same with other options. */
  static TestingProxy start(TestingTicker ticker, UnaryOperator<ProxyOptions> change) {
    return start(options -> change.apply(options.withEventLoops(1)), ticker);
  }

  static TestingProxy start(UnaryOperator<ProxyOptions> change, Plugin... plugins) {
    return start(change, System::nanoTime, plugins);
  }

  private static TestingProxy start(
      UnaryOperator<ProxyOptions> change, LongSupplier ticker, Plugin... plugins) {
    // Shared machines stall; a condition that never comes fails all the same. Not when the class is
    // loaded: benchmarks use it, and have no Awaitility.
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    Vertx vertx = Vertx.vertx();
    TestingRuntime runtime = new TestingRuntime(vertx);
    List<Plugin> all = new ArrayList<>(List.of(plugins));
    all.add(new ProxyPlugin());
    ProxyOptions options =
        change.apply(
            ProxyOptions.defaults()
                .withPort(0)
                .withEventLoops(2)
                .withDrainTimeout(Duration.ofSeconds(2)));
    Proxy proxy =
        await(Proxy.start(vertx, options, PluginCatalog.of(all), TestingProxy::management, ticker));
    return new TestingProxy(vertx, runtime, proxy);
  }

  private static void management(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("X-Management", request.uri())
                    .end("management " + request.method() + " " + request.uri() + " " + body));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  TestingRuntime runtime() {
    return runtime;
  }

  Proxy proxy() {
    return proxy;
  }

  /** Closes it with the proxy. */
  <C extends AutoCloseable> C owned(C closeable) {
    closeables.add(closeable);
    return closeable;
  }

  /** A service with one runner, served at its name. */
  TestingRunner runner(String service, Handler<HttpServerRequest> handler) {
    TestingRunner runner = owned(TestingRunner.start(vertx, handler));
    runtime.serve(TestingRuntime.route(service, runner.port()));
    return runner;
  }

  /** A service with one runner and policies, served at its name. */
  TestingRunner runner(String service, Policies policies, Handler<HttpServerRequest> handler) {
    TestingRunner runner = owned(TestingRunner.start(vertx, handler));
    runtime.serve(TestingRuntime.with(TestingRuntime.route(service, runner.port()), policies));
    return runner;
  }

  /** A service with one runner that speaks raw TCP, served at its name. */
  RawRunner rawRunner(String service, RawRunner.Script script) {
    RawRunner runner = owned(RawRunner.start(script));
    runtime.serve(TestingRuntime.route(service, runner.port()));
    return runner;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.entryPoint().getPort());
  }

  RawClient connect() {
    return owned(new RawClient(address()));
  }

  URI uri(String path) {
    return URI.create(proxy.entryPoint() + path);
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(
          request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    List<AutoCloseable> reversed = new ArrayList<>(closeables);
    Collections.reverse(reversed);
    for (AutoCloseable closeable : reversed) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    await(vertx.close());
  }
}
