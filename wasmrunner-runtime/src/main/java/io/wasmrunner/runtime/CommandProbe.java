package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Health probe {@code command}: a command that ends with exit status 0. Its threads, which start
 * the commands and wait for them, are there while it has something to do.
 */
final class CommandProbe implements HealthProbe {
  static final String NAME = "command";
  static final String COMMAND = "command";
  static final String ENV = "env";

  /** Commands of one service at a time; others wait, within their timeout. */
  static final int AT_A_TIME = 16;

  static final int WAITING = 1000;
  private static final Duration IDLE = Duration.ofSeconds(2);

  private final ProbeCommand command;
  private final Optional<ProcessRecords> records;
  private final Set<ProbeProcess> running = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_A_TIME,
          AT_A_TIME,
          IDLE.toMillis(),
          TimeUnit.MILLISECONDS,
          new LinkedBlockingQueue<>(WAITING),
          CommandProbe::thread);
  private volatile boolean closed;

  /**
   * A probe.
   *
   * @param records where its commands are recorded while they run
   */
  CommandProbe(ProbeCommand command, Optional<ProcessRecords> records) {
    this.command = command;
    this.records = records;
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletionStage<ProbeResult> probe(RunnerAddress target, Duration timeout) {
    ProbeDeadline deadline = new ProbeDeadline(timeout);
    CompletableFuture<ProbeResult> result = new CompletableFuture<>();
    try {
      threads.execute(() -> run(target, deadline, result));
    } catch (RejectedExecutionException e) {
      result.complete(
          ProbeResult.unhealthy(
              closed ? "the probe is closed" : "too many commands of this service wait"));
    }
    return result;
  }

  /** Kills what still runs, and lets nothing else start. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    running.forEach(ProbeProcess::kill);
  }

  private void run(
      RunnerAddress target, ProbeDeadline deadline, CompletableFuture<ProbeResult> result) {
    try {
      result.complete(result(target, deadline));
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result.completeExceptionally(e);
    }
  }

  private ProbeResult result(RunnerAddress target, ProbeDeadline deadline)
      throws IOException, InterruptedException {
    if (closed) {
      return ProbeResult.unhealthy("the probe is closed");
    }
    if (deadline.isOver()) {
      return ProbeResult.unhealthy("it waited %s for other commands".formatted(deadline));
    }
    ProbeProcess process = ProbeProcess.start(command.process(target));
    running.add(process);
    try {
      record(process, target);
      if (closed) {
        process.kill();
      }
      return process.await(deadline);
    } finally {
      running.remove(process);
      records.ifPresent(all -> all.remove(process.handle().pid()));
    }
  }

  /** So that the next start finds it, should this process be killed meanwhile. */
  private void record(ProbeProcess process, RunnerAddress target) {
    records.ifPresent(
        all ->
            all.add(
                ProcessRecord.of(
                    process.handle(), "the health probe of " + target, command.words(target))));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "probe-command");
    thread.setDaemon(true);
    return thread;
  }
}
