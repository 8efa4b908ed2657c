package io.wasmrunner.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running child process with its descendants. Thread-safe; nothing of it blocks. */
final class ChildProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

  /** What the process has written may be read for this long after its end. */
  private static final Duration READ_LIMIT = Duration.ofSeconds(1);

  /** Reads an output of a process until it ends. */
  interface Reader {
    void read(InputStream stream) throws IOException;
  }

  /**
   * What it was last seen to use.
   *
   * @param residentBytes resident memory; 0 where the system does not tell
   * @param cpu CPU time
   * @param stillSince {@link System#nanoTime} since when none of its threads has run
   * @param stillKnown whether the system tells that
   */
  record Usage(long residentBytes, Duration cpu, long stillSince, boolean stillKnown) {
    /** Time since one of its threads has run; zero where the system does not tell. */
    Duration still() {
      return stillKnown ? Duration.ofNanos(System.nanoTime() - stillSince) : Duration.ZERO;
    }
  }

  private final Process process;
  private final String name;
  private final ProcessTree tree;
  private final Executor ending;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final CompletableFuture<Void> stdoutRead = new CompletableFuture<>();
  private final CompletableFuture<Void> stderrRead = new CompletableFuture<>();
  private volatile Usage usage;
  private volatile boolean stopping;
  private long activity;

  ChildProcess(Process process, String name, Executor ending) {
    this.process = process;
    this.name = name;
    this.tree = new ProcessTree(process.toHandle());
    this.ending = ending;
    this.usage = new Usage(0, Duration.ZERO, System.nanoTime(), false);
  }

  /**
   * Begins to read its outputs and to wait for its end.
   *
   * @param cleanUp called before others hear of its end
   */
  void begin(Reader stdout, Reader stderr, Runnable cleanUp) {
    readOn("stdout", process.getInputStream(), stdout, stdoutRead);
    readOn("stderr", process.getErrorStream(), stderr, stderrRead);
    CompletionStage<Process> end = process.onExit();
    end.thenRunAsync(() -> ended(cleanUp), ending);
  }

  long pid() {
    return process.pid();
  }

  /** Its standard input. */
  OutputStream stdin() {
    return process.getOutputStream();
  }

  /**
   * Its exit status, 128 and the signal when one ended it. Completes, on a thread that may block,
   * when its output has been read and its descendants have been ended.
   */
  CompletionStage<Integer> exit() {
    return exit.minimalCompletionStage();
  }

  /** Whether {@link #stop} was called. */
  boolean stopping() {
    return stopping;
  }

  Usage usage() {
    return usage;
  }

  /** Asks it and its descendants to end, and kills what has not after the grace. Idempotent. */
  void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    ending(tree::terminate);
    CompletableFuture.delayedExecutor(ProcessTree.GRACE.toMillis(), TimeUnit.MILLISECONDS, ending)
        .execute(this::kill);
  }

  /** Ends it and its descendants at once. */
  void kill() {
    if (!exit.isDone()) {
      ending(tree::kill);
    }
  }

  /** Reads what it uses. Called by one thread. */
  void measure(ProcessTable table) {
    table
        .usageOf(pid())
        .ifPresentOrElse(
            seen -> {
              tree.remember(seen.pids());
              Usage before = usage;
              boolean moved = seen.activity() != activity;
              activity = seen.activity();
              usage =
                  new Usage(
                      seen.residentBytes(),
                      longer(before.cpu(), Duration.ofNanos(seen.cpuNanos())),
                      moved ? System.nanoTime() : before.stillSince(),
                      activity > 0);
            },
            () ->
                process
                    .info()
                    .totalCpuDuration()
                    .ifPresent(
                        cpu ->
                            usage =
                                new Usage(
                                    usage.residentBytes(),
                                    longer(usage.cpu(), cpu),
                                    usage.stillSince(),
                                    false)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void ending(Runnable work) {
    try {
      ending.execute(work);
    } catch (RejectedExecutionException e) {
      work.run(); // ten thousand ends at once: better late than never
    }
  }

  private void ended(Runnable cleanUp) {
    tree.killDescendants();
    try {
      CompletableFuture.allOf(stdoutRead, stderrRead)
          .get(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
      LOG.warn("{}: another process holds the outputs of process {} open", name, pid());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cleanUp.run();
    exit.complete(process.exitValue());
  }

  private void readOn(
      String output, InputStream stream, Reader reader, CompletableFuture<Void> done) {
    Thread thread =
        new Thread(
            () -> {
              try (stream) {
                reader.read(stream);
              } catch (IOException e) {
                LOG.debug("{} of {} ended", output, name, e);
              } catch (RuntimeException e) {
                LOG.error("{} of {} could not be read; the process is killed", output, name, e);
                kill();
              } finally {
                done.complete(null);
              }
            },
            "child-" + name + "-" + output);
    thread.setDaemon(true);
    thread.start();
  }
}
