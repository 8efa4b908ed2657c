package io.wasmrunner.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the programs that a launcher needs beside its runners, to their end. Thread-safe. */
final class ToolRuns {
  private static final Logger LOG = LoggerFactory.getLogger(ToolRuns.class);
  private static final int MOST_OUTPUT = 64 << 10;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

  private final ChildProcesses children;
  private final ProcessRecords records;
  private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ToolRuns(ChildProcesses children, Path stateFolder) {
    this.children = children;
    this.records = new ProcessRecords(stateFolder);
  }

  /**
   * Runs a program to its end, killing it at the limit. Blocks.
   *
   * @param name what it is, for people
   * @throws IOException when it did not end in time, or was to end before
   */
  ToolRun run(String name, ChildCommand command, Duration limit) throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ChildProcess process =
        children.start(
            command,
            name,
            records,
            stream -> keep(stream, printed),
            stream -> keep(stream, printed));
    running.add(process);
    try {
      if (closed) {
        process.kill();
      }
      process.stdin().close();
      int status =
          process.exit().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (closed) {
        throw new IOException("it was ended");
      }
      synchronized (printed) {
        return new ToolRun(status, printed.toString(StandardCharsets.UTF_8));
      }
    } catch (TimeoutException e) {
      process.kill();
      throw new IOException("it did not end within " + Durations.describe(limit), e);
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
      throw new IOException("it was ended", e);
    } catch (ExecutionException e) {
      throw new IOException(e);
    } finally {
      running.remove(process);
    }
  }

  /** Ends what still runs. Blocks until it has ended, for at most some seconds. */
  void close() {
    closed = true;
    running.forEach(ChildProcess::kill);
    CompletableFuture<?>[] ends =
        running.stream()
            .map(process -> process.exit().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("a program that was killed has not ended yet", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void keep(InputStream stream, ByteArrayOutputStream printed) throws IOException {
    ProcessOutput.pass(
        stream,
        bytes -> {
          synchronized (printed) {
            byte[] piece = new byte[Math.min(bytes.remaining(), MOST_OUTPUT - printed.size())];
            bytes.get(piece);
            printed.write(piece, 0, piece.length);
          }
        });
  }
}
