package io.wasmrunner.launcher;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.wasmrunner.dashboard.Dashboard;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.Proxy;
import io.wasmrunner.runtime.RuntimeVerticle;
import io.wasmrunner.scheduler.EventInbox;
import io.wasmrunner.scheduler.SchedulerVerticle;
import io.wasmrunner.spi.PluginCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running process: dashboard and proxy, then scheduler and runtime. These two start at the same
 * time, but a taken port or a bad store is found before any guest runs. They stop in the order of
 * {@link Part}.
 *
 * <p>Start and stop block; they are called on the main thread and the shutdown hook.
 */
final class Application {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

  /** What each part gets once there is a hurry. */
  private static final Duration HURRIED = Duration.ofSeconds(1);

  /** How to stop what was started; guarded by itself. */
  private final Map<Part, Supplier<Future<?>>> started = new EnumMap<>(Part.class);

  private final Duration drain;
  private final Duration notice;
  private final CompletableFuture<Void> hurried = new CompletableFuture<>();
  private Runnable stopping = () -> {};
  private final URI entryPoint;

  /** What can be stopped, in that order: whoever asks ends before whoever answers. */
  private enum Part {
    /** Deliveries and runs under way end while the entry point and the runners are still there. */
    SCHEDULER,
    /** Requests under way get their answers from runners that still run. */
    PROXY,
    /** The runners. */
    RUNTIME,
    /** The store, which keeps what happened until the last runner has ended. */
    STORE,
    /** The pages of the entry point, of use until it has closed. */
    DASHBOARD,
    /** The threads of all the others. */
    EVENT_LOOPS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private Application(Configuration configuration, LoadedPlugins plugins, Clock clock) {
    Path services = Folders.services(configuration);
    Path data = Folders.data(configuration);
    ListenAddress address = ListenAddress.of(configuration);
    drain = Duration.ofSeconds(configuration.number(Setting.DRAIN_SECONDS));
    notice = Duration.ofSeconds(configuration.number(Setting.STOP_NOTICE_SECONDS));
    warmUp(plugins.catalog());
    Vertx vertx = NetworkTransport.vertx(configuration.text(Setting.TRANSPORT));
    started(Part.EVENT_LOOPS, vertx::close);
    // What happens before the scheduler is there belongs into the history, too.
    EventInbox events = EventInbox.of(vertx);
    try {
      Dashboard dashboard =
          await(
              Dashboard.start(
                  vertx, PartOptions.dashboard(configuration, plugins, address, clock)));
      started(Part.DASHBOARD, dashboard::close);
      stopping = dashboard::stopping;
      Proxy proxy =
          await(
              Proxy.start(
                  vertx,
                  PartOptions.proxy(configuration, address, clock),
                  plugins.catalog(),
                  dashboard.handler()));
      started(Part.PROXY, proxy::close);
      entryPoint = proxy.entryPoint();
      SchedulerVerticle deliverer =
          new SchedulerVerticle(
              PartOptions.scheduler(data, proxy.innerBase(), proxy.innerToken(), clock), events);
      Future<?> scheduler =
          deploy(vertx, Part.STORE, deliverer)
              .onSuccess(id -> started(Part.SCHEDULER, deliverer::quiesce));
      Future<?> runtime =
          deploy(
              vertx,
              Part.RUNTIME,
              new RuntimeVerticle(
                  PartOptions.runtime(
                      configuration,
                      services,
                      data,
                      proxy
                          .guestBase()
                          .map(URI::toString)
                          .orElseGet(() -> address.guestBaseUrl(entryPoint.getPort())),
                      entryPoint.getPort(),
                      plugins.catalog(),
                      clock),
                  scheduler.toCompletionStage()));
      // All of them end before anything is stopped, whichever fails.
      await(Future.join(scheduler, runtime));
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

  /** A stop that is under way, or comes later, waits for nothing any more. Any thread. */
  void hurry() {
    hurried.complete(null);
  }

  /** Says for a while that it is not ready, then stops every part, each within a bound. */
  void stop() {
    stopping.run();
    if (!notice.isZero() && parts().containsKey(Part.RUNTIME)) {
      try {
        hurried.get(notice.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException over) {
        LOG.debug("the notice of the stop is over");
      } catch (InterruptedException | ExecutionException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    stopParts();
  }

  private Map<Part, Supplier<Future<?>>> parts() {
    synchronized (started) {
      return new EnumMap<>(started);
    }
  }

  private void stopParts() {
    for (Map.Entry<Part, Supplier<Future<?>>> part : parts().entrySet()) {
      Duration limit = part.getKey() == Part.PROXY ? STOPS_WITHIN.plus(drain) : STOPS_WITHIN;
      try {
        CompletableFuture<?> stopped =
            part.getValue().get().toCompletionStage().toCompletableFuture();
        CompletableFuture.anyOf(stopped, hurried).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!stopped.isDone()) {
          stopped.get(HURRIED.toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (TimeoutException e) {
        LOG.warn("the {} did not stop within {} s", part.getKey(), limit.toSeconds());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException e) {
        LOG.warn("the {} did not stop cleanly", part.getKey(), e.getCause());
      }
    }
  }

  /** Uses a processor that has nothing to do yet for what the runtime needs in a moment. */
  private static void warmUp(PluginCatalog plugins) {
    Thread thread =
        new Thread(
            () -> {
              try {
                RuntimeVerticle.warmUp(plugins);
              } catch (RuntimeException e) {
                LOG.debug("the start itself says what is wrong", e);
              }
            },
            "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  private Future<?> deploy(Vertx vertx, Part part, Deployable verticle) {
    return vertx.deployVerticle(verticle).onSuccess(id -> started(part, () -> vertx.undeploy(id)));
  }

  private void started(Part part, Supplier<Future<?>> stop) {
    synchronized (started) {
      started.put(part, stop);
    }
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
