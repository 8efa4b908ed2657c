package io.wasmrunner.launcher;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.wasmrunner.dashboard.Dashboard;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.Proxy;
import io.wasmrunner.runtime.RuntimeVerticle;
import io.wasmrunner.scheduler.SchedulerVerticle;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running process: dashboard, proxy, scheduler and runtime, started in this order, so that a
 * taken port or a bad store is found before any guest runs, and stopped in the reverse one.
 *
 * <p>Start and stop block; they are called on the main thread and the shutdown hook.
 */
final class Application {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);
  private static final Duration PART_STOPS_WITHIN = Duration.ofSeconds(20);

  /** What has to be stopped, last started first. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private final URI entryPoint;

  private record Part(String name, Supplier<Future<?>> stop) {}

  private Application(Configuration configuration, LoadedPlugins plugins, Clock clock) {
    Path services = Folders.services(configuration);
    Path data = Folders.data(configuration);
    ListenAddress address = ListenAddress.of(configuration);
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    parts.push(new Part("event loops", vertx::close));
    try {
      Dashboard dashboard =
          await(
              Dashboard.start(
                  vertx, PartOptions.dashboard(configuration, plugins, address, clock)));
      parts.push(new Part("dashboard", dashboard::close));
      Proxy proxy =
          await(
              Proxy.start(
                  vertx,
                  PartOptions.proxy(configuration, address, clock),
                  plugins.catalog(),
                  dashboard.handler()));
      parts.push(new Part("proxy", proxy::close));
      entryPoint = proxy.entryPoint();
      deploy(
          vertx,
          "scheduler",
          new SchedulerVerticle(
              PartOptions.scheduler(data, proxy.innerBase(), proxy.innerToken(), clock)));
      deploy(
          vertx,
          "runtime",
          new RuntimeVerticle(
              PartOptions.runtime(
                  configuration,
                  services,
                  data,
                  address.guestBaseUrl(entryPoint.getPort()),
                  entryPoint.getPort(),
                  plugins.catalog(),
                  clock)));
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  /**
   * Starts everything.
   *
   * @throws WasmrunnerException when a part cannot start; nothing is left running then
   */
  static Application start(Configuration configuration, LoadedPlugins plugins, Clock clock) {
    return new Application(configuration, plugins, clock);
  }

  /** Where the entry point listens, with the actual port. */
  URI entryPoint() {
    return entryPoint;
  }

  /** Stops every part, each within a bound, whatever the others do. */
  void stop() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.stop()
            .get()
            .toCompletionStage()
            .toCompletableFuture()
            .get(PART_STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.warn("the {} did not stop within {} s", part.name(), PART_STOPS_WITHIN.toSeconds());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException e) {
        LOG.warn("the {} did not stop cleanly", part.name(), e.getCause());
      }
    }
  }

  private void deploy(Vertx vertx, String name, Deployable verticle) {
    String id = await(vertx.deployVerticle(verticle));
    parts.push(new Part(name, () -> vertx.undeploy(id)));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
