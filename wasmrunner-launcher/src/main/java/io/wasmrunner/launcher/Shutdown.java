package io.wasmrunner.launcher;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops everything on SIGTERM or SIGINT and ends the process with status 0. A signal during the
 * start is obeyed when the start is over; a second one ends all waiting.
 */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
  private static final int START_ENDS_WITHIN_SECONDS = 30;

  private final CompletableFuture<Application> application = new CompletableFuture<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Path data;

  private Shutdown(Path data) {
    this.data = data;
  }

  /** From now on signals are obeyed. */
  static Shutdown onSignal(Path data) {
    Shutdown shutdown = new Shutdown(data);
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::stop, "shutdown"));
    Signals.onTermination(shutdown::signalled);
    return shutdown;
  }

  /** The start is over. */
  void started(Application running) {
    application.complete(running);
  }

  /** There is nothing to stop. */
  void failed() {
    application.cancel(false);
  }

  private void signalled() {
    if (begun.compareAndSet(false, true)) {
      // Not on the thread of the signal, which has to stay free for the next one.
      new Thread(() -> System.exit(ExitStatus.OK), "signal").start();
    } else {
      LOG.info("asked a second time to stop: nothing is waited for any more");
      CompletionStage<Application> stopping = application;
      stopping.thenAccept(Application::hurry);
    }
  }

  private void stop() {
    if (application.isCancelled()) {
      return;
    }
    LOG.info("stopping");
    try {
      application.get(START_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS).stop();
      StartArchive.confirm(data);
    } catch (TimeoutException e) {
      LOG.warn("the start did not end: stopped in the middle of it");
    } catch (java.util.concurrent.CancellationException e) {
      return; // the start failed meanwhile, and says so itself
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      LOG.warn("stopped without an orderly end", e);
    }
    LOG.info("stopped");
    // Without this the JVM would report the signal as a failure (143).
    Runtime.getRuntime().halt(ExitStatus.OK);
  }
}
