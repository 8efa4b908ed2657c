package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the child processes of all launchers, and has the threads that meter and end them; they
 * end when there are no children. Thread-safe.
 */
final class ChildProcesses {
  static final String NOT_STARTED = "WR-2071";
  static final Duration METERING = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ChildProcesses.class);
  private static final int THREADS = 4;
  private static final int WAITING = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor work =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE.toMillis(),
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(WAITING),
          daemons("child-work"));
  private boolean metering;

  ChildProcesses() {
    work.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts a process and records it. Returns at once.
   *
   * @param name what it is, for people
   * @param records where it is recorded while it runs
   * @param stdout reads its standard output, on a thread of its own
   * @param stderr reads its standard error, on a thread of its own
   * @throws WasmrunnerException WR-2071 when the system does not start it
   */
  ChildProcess start(
      ChildCommand command,
      String name,
      ProcessRecords records,
      ChildProcess.Reader stdout,
      ChildProcess.Reader stderr) {
    Process process = start(command);
    records.add(ProcessRecord.of(process.toHandle(), name, command.words()));
    ChildProcess child = new ChildProcess(process, name, work);
    running.add(child);
    child.begin(
        stdout,
        stderr,
        () -> {
          running.remove(child);
          records.remove(child.pid());
        });
    meterSoon();
    return child;
  }

  private static Process start(ChildCommand command) {
    ProcessBuilder builder =
        new ProcessBuilder(OwnSession.words(command.words())).directory(command.folder().toFile());
    builder.environment().clear();
    try {
      builder.environment().putAll(command.environment());
      return builder.start();
    } catch (IOException | IllegalArgumentException e) {
      Path program = command.program();
      throw new WasmrunnerException(
          NOT_STARTED,
          "the program " + program + " could not be started: " + CleanText.of(e.toString()),
          "Check that it may be executed here, and the limits of processes and memory.",
          e);
    }
  }

  private synchronized void meterSoon() {
    if (!metering && !running.isEmpty()) {
      metering = true;
      CompletableFuture.delayedExecutor(METERING.toMillis(), TimeUnit.MILLISECONDS, work)
          .execute(this::meter);
    }
  }

  private void meter() {
    try {
      ProcessTable table = ProcessTable.read();
      running.forEach(child -> child.measure(table));
    } catch (RuntimeException e) {
      LOG.warn("child processes could not be metered", e);
    }
    synchronized (this) {
      metering = false;
    }
    meterSoon();
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
