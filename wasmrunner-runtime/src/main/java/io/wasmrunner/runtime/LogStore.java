package io.wasmrunner.runtime;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.SystemEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps the lines of all services in files, and reads them back. Nobody who gives a line waits for
 * the disk: a thread of its own writes. Thread-safe.
 */
final class LogStore {
  static final String BUSY = "WR-2043";

  private static final int READERS = 2;
  private static final int READS_WAITING = 32;

  private final LogFileSettings settings;
  private final LogWriter writer;
  private final ThreadPoolExecutor readers =
      new ThreadPoolExecutor(
          READERS,
          READERS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(READS_WAITING),
          work -> {
            Thread thread = new Thread(work, "log-reader");
            thread.setDaemon(true);
            return thread;
          });

  LogStore(LogFileSettings settings, Clock clock, Consumer<SystemEvent> announcer) {
    this.settings = settings;
    this.writer = new LogWriter(settings, clock, announcer);
    readers.allowCoreThreadTimeOut(true);
    writer.start();
  }

  /** Takes a line; one too many is dropped and counted in the file. Does not block. */
  void take(String service, LogLine line) {
    writer.take(service, line);
  }

  /** The files of a service, oldest first. Blocks for a moment. */
  CompletionStage<List<Path>> files(String service) {
    return read(() -> RotatedLog.existing(service, settings));
  }

  /**
   * What memory has of an answer, with what is missing of it put before it.
   *
   * @param oldest sequence of the oldest line in memory
   */
  CompletionStage<List<LogLine>> completed(LogsQuery query, List<LogLine> memory, long oldest) {
    return read(
        () -> {
          List<LogLine> all =
              new ArrayList<>(
                  LogHistory.read(
                      RotatedLog.existing(query.service(), settings),
                      query,
                      oldest,
                      query.tail() - memory.size()));
          all.addAll(memory);
          return all;
        });
  }

  /** Writes what waits, within a bound of time, and ends. */
  CompletionStage<Void> close() {
    readers.shutdown();
    return writer.end();
  }

  private <T> CompletionStage<T> read(java.util.concurrent.Callable<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      readers.execute(
          () -> {
            try {
              answer.complete(work.call());
            } catch (Exception | StackOverflowError | OutOfMemoryError e) {
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          new RequestFailedException(
              Reason.FULL,
              BUSY,
              "too many log files are being searched at once",
              "Try again a little later, or ask for fewer lines."));
    }
    return answer;
  }
}
