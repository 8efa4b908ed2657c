package io.wasmrunner.runtime;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.LogFilesQuery;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.OpenApiQuery;
import io.wasmrunner.bus.PlanQuery;
import io.wasmrunner.bus.ReloadCommand;
import io.wasmrunner.bus.RoutesQuery;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServicesQuery;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.bus.UpstreamActivityQuery;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ServiceChange;
import io.wasmrunner.spi.HealthProbeFactory;
import io.wasmrunner.spi.LauncherFactory;
import io.wasmrunner.spi.PluginCatalog;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, checks, starts and watches the services, and tells the others about them over the bus.
 *
 * <p>The start completes when the services are loaded and their runners are being started, not when
 * they are healthy; the stop when all runners have ended. One instance per process.
 */
public final class RuntimeVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeVerticle.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  private static final int THREADS = 8;
  private static final int WAITING = 10_000;

  private final RuntimeOptions options;
  private final CompletionStage<?> othersReady;
  private final ThreadPoolExecutor blocking = pool("runtime-blocking-", THREADS);
  private final ThreadPoolExecutor computing =
      pool("runtime-computing-", Math.max(2, Runtime.getRuntime().availableProcessors()));
  private @Nullable Supervision supervision;
  private @Nullable FolderWatch watch;

  /** Makes a runtime; nothing happens before it is deployed. */
  public RuntimeVerticle(RuntimeOptions options) {
    this(options, CompletableFuture.completedFuture(null));
  }

  /**
   * Makes a runtime that reads the services at once and starts them later.
   *
   * @param othersReady completes when guests may start; when it fails, so does the deployment
   */
  public RuntimeVerticle(RuntimeOptions options, CompletionStage<?> othersReady) {
    this.options = options;
    this.othersReady = othersReady;
  }

  /**
   * Does once what makes the first reading of services slow: loads the classes for it and compiles
   * the schema of service.json. For a thread that has nothing else to do during a start; nothing is
   * read or kept.
   *
   * @throws io.wasmrunner.model.WasmrunnerException when a plugin's schema is broken
   */
  public static void warmUp(PluginCatalog plugins) {
    new ServiceSchema(plugins).warmUp();
  }

  @Override
  public Future<?> start() {
    VertxActor actor = new VertxActor(vertx, context, blocking, computing);
    if (!Files.exists(options.servicesFolder())) {
      LOG.warn(
          "There is no services folder at {}: put services there, each in a folder of its own with"
              + " config/service.json and its .wasm file, or name another one with --services.",
          options.servicesFolder().toAbsolutePath().normalize());
    }
    Future<Found> loaded = offload(actor, this::load);
    return Future.fromCompletionStage(othersReady, context)
        .compose(ready -> loaded)
        .map(
            found -> {
              begin(actor, found.catalogue(), found.disabled());
              return found;
            });
  }

  @Override
  public Future<?> stop() {
    FolderWatch watching = watch;
    if (watching != null) {
      watching.end();
    }
    Supervision running = supervision;
    Future<Void> ended =
        running == null
            ? Future.succeededFuture()
            : Future.fromCompletionStage(running.stop(), context);
    return ended.eventually(
        () -> {
          blocking.shutdown();
          computing.shutdown();
          return Future.succeededFuture();
        });
  }

  /** What was found on disk. */
  private record Found(ServiceCatalogue catalogue, Set<String> disabled) {}

  private Found load() {
    for (LauncherFactory launcher : options.plugins().launchers().values()) {
      try {
        launcher.recover(Launching.context(options));
      } catch (RuntimeException e) {
        LOG.error("launcher {} could not clean up after the last run", launcher.name(), e);
      }
    }
    for (HealthProbeFactory probe : options.plugins().healthProbes().values()) {
      try {
        probe.recover(Launching.probeContext(options));
      } catch (RuntimeException e) {
        LOG.error("health probe {} could not clean up after the last run", probe.name(), e);
      }
    }
    return new Found(
        ServiceCatalogue.load(options), new DisabledServices(options.stateFolder()).read());
  }

  private void begin(VertxActor actor, ServiceCatalogue catalogue, Set<String> disabled) {
    Bus bus = Bus.of(vertx);
    Supervision all =
        new Supervision(
            catalogue,
            options,
            actor,
            bus::announce,
            (runner, generation) -> requestsUnderWay(bus, runner, generation),
            snapshot -> bus.publish(BusAddress.SERVICES_CHANGED, snapshot),
            snapshot -> bus.publish(BusAddress.ROUTES_CHANGED, snapshot));
    supervision = all;
    DisabledServices store = new DisabledServices(options.stateFolder());
    Operations operations = new Operations(all, options, actor, store, disabled);
    serve(bus, BusAddress.SERVICES_LIST, ServicesQuery.class, query -> all.services());
    serve(bus, BusAddress.ROUTES_LIST, RoutesQuery.class, query -> all.allRoutes());
    serveLater(bus, BusAddress.LOGS_READ, LogsQuery.class, all::logs);
    serveLater(bus, BusAddress.LOG_FILES, LogFilesQuery.class, all::logFiles);
    serve(bus, BusAddress.OPENAPI_READ, OpenApiQuery.class, query -> all.openapi(query.service()));
    serveLater(bus, BusAddress.SERVICES_CONTROL, ServiceCommand.class, operations::run);
    serveLater(
        bus, BusAddress.SERVICES_RELOAD, ReloadCommand.class, command -> operations.reload());
    serveLater(bus, BusAddress.SERVICES_PLAN, PlanQuery.class, query -> operations.plan());
    bus.subscribe(BusAddress.UPSTREAM_SUSPECTED, UpstreamSuspected.class, all::suspected);
    all.start(disabled);
    if (options.watch()) {
      FolderWatch folder =
          new FolderWatch(options.servicesFolder(), actor, () -> reload(operations));
      watch = folder;
      folder.begin();
    }
  }

  private static void reload(Operations operations) {
    operations
        .reload()
        .whenComplete(
            (plan, failure) -> {
              if (failure != null) {
                LOG.error("the services folder changed, and could not be read", failure);
                return;
              }
              plan.changes().stream()
                  .filter(change -> change.kind() != ServiceChange.Kind.UNCHANGED)
                  .forEach(change -> LOG.info("{}", Operations.describe(change)));
            });
  }

  private static CompletionStage<UpstreamActivity> requestsUnderWay(
      Bus bus, RunnerId runner, long generation) {
    return bus.request(
            BusAddress.UPSTREAM_ACTIVITY,
            new UpstreamActivityQuery(runner, generation),
            UpstreamActivity.class,
            ANSWER_WITHIN)
        .toCompletionStage();
  }

  private static <Q extends BusMessage> void serve(
      Bus bus, String address, Class<Q> type, Function<Q, BusMessage> answer) {
    bus.serve(address, type, query -> Future.succeededFuture(answer.apply(query)));
  }

  private <Q extends BusMessage, A extends BusMessage> void serveLater(
      Bus bus, String address, Class<Q> type, Function<Q, CompletionStage<A>> answer) {
    bus.serve(
        address,
        type,
        query ->
            Future.fromCompletionStage(answer.apply(query), context)
                .recover(failure -> Future.failedFuture(Failures.unwrap(failure))));
  }

  private static <T> Future<T> offload(Actor actor, Callable<T> work) {
    io.vertx.core.Promise<T> promise = io.vertx.core.Promise.promise();
    actor.offload(work, promise::complete, promise::fail);
    return promise.future();
  }

  private static ThreadPoolExecutor pool(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            work -> {
              Thread thread = new Thread(work, name + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
