package io.wasmrunner.launcher;

import io.wasmrunner.runtime.ForegroundRunner;
import io.wasmrunner.runtime.RuntimeOptions;
import io.wasmrunner.spi.PluginCatalog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs one module alone until it ends or the process is told to stop. */
final class ForegroundModule {
  private static final long STOPS_WITHIN_SECONDS = 10;

  private ForegroundModule() {}

  /** Runs the module; the result is the exit status of the process. */
  static int run(String name, Configuration configuration, PluginCatalog plugins) {
    Path services = Folders.services(configuration);
    Path data = Folders.data(configuration);
    ListenAddress address = ListenAddress.of(configuration);
    RuntimeOptions options =
        PartOptions.runtime(
            configuration,
            services,
            data,
            address.guestBaseUrl(address.port()),
            address.port(),
            plugins,
            Clock.systemUTC());
    ForegroundRunner runner = new ForegroundRunner(options, System.out, System.err);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(runner, ended), "shutdown"));
    try {
      return runner.run(name);
    } finally {
      ended.countDown();
    }
  }

  private static void stop(ForegroundRunner runner, CountDownLatch ended) {
    runner.stop();
    try {
      if (!ended.await(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("wasmrunner: the module did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
