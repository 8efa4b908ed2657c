package io.wasmrunner.launcher;

import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Stops everything on SIGTERM or SIGINT and ends the process with status 0. */
final class Shutdown {
  private Shutdown() {}

  static void stopOnSignal(Application application, Path data) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  LoggerFactory.getLogger(Shutdown.class).info("stopping");
                  application.stop();
                  StartArchive.confirm(data);
                  LoggerFactory.getLogger(Shutdown.class).info("stopped");
                  // Without this the JVM would report the signal as a failure (143).
                  Runtime.getRuntime().halt(ExitStatus.OK);
                },
                "shutdown"));
  }
}
