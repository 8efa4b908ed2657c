package io.wasmrunner.scheduler;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that answers queries, beside the writer. Thread-safe. */
final class StoreReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreReader.class);
  private static final int MOST_WAITING = 256;

  private final SqlSession sql;
  private final SqliteDialect dialect;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread made = new Thread(task, "wasmrunner-store-reader");
            made.setDaemon(true);
            return made;
          });

  StoreReader(SqlSession sql, SqliteDialect dialect) {
    this.sql = sql;
    this.dialect = dialect;
  }

  /** Queries that see the same moment. */
  interface Read<T> {
    T apply(SqlSession sql) throws SQLException;
  }

  /** Runs a query; the stage completes on the reader thread. */
  <T> CompletionStage<T> submit(Read<T> read) {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              sql.beginReading();
              T found = read.apply(sql);
              sql.commit();
              done.complete(found);
            } catch (SQLException | RuntimeException e) {
              sql.rollback();
              done.completeExceptionally(dialect.failed(e));
            }
          });
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(
          new StoreException(
              StoreException.OVERLOADED,
              "the store is busy with " + MOST_WAITING + " queries, or stopping",
              "Ask again later."));
    }
    return done;
  }

  /** Ends what runs. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a query did not end in time");
      }
      sql.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("the connection for queries was not closed cleanly", e);
    }
  }
}
