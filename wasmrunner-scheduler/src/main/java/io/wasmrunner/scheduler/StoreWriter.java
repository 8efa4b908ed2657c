package io.wasmrunner.scheduler;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes, with group commit: what waits shares a transaction, and everyone in
 * it is told after the commit. Writes happen in the order they were submitted. Thread-safe.
 */
final class StoreWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
  private static final int MOST_PER_COMMIT = 64;
  private static final long LONGEST_COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final int MOST_WAITING = 8_192;

  private final SqlSession sql;
  private final SqliteDialect dialect;
  private final BlockingQueue<Task<?>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread = new Thread(this::run, "wasmrunner-store-writer");
  private volatile boolean closed;

  StoreWriter(SqlSession sql, SqliteDialect dialect) {
    this.sql = sql;
    this.dialect = dialect;
    thread.setDaemon(true);
    thread.start();
  }

  /** Statements that belong together. Runs again, alone, when the shared transaction failed. */
  interface Write<T> {
    T apply(SqlSession sql) throws SQLException;
  }

  /** A write without a result. */
  interface Statements {
    void apply(SqlSession sql) throws SQLException;
  }

  /** As {@link #submit}, without a result. */
  CompletionStage<Void> execute(Statements statements) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    submit(
            sql -> {
              statements.apply(sql);
              return true;
            })
        .whenComplete(
            (written, failure) -> {
              if (failure == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  /** Runs a write; the stage completes on the writer thread once it is on disk. */
  <T> CompletionStage<T> submit(Write<T> write) {
    Task<T> task = new Task<>(write);
    if (closed) {
      task.fail(StoreException.stopping());
    } else if (!waiting.offer(task)) {
      task.fail(
          new StoreException(
              StoreException.OVERLOADED,
              MOST_WAITING + " writes wait for the disk",
              "Publish more slowly, or use a faster disk."));
    } else if (closed && waiting.remove(task)) {
      task.fail(StoreException.stopping());
    }
    return task.done;
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Task<?>> group = new ArrayList<>(MOST_PER_COMMIT);
    while (true) {
      try {
        Task<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          commitTogether(group);
        } else if (closed) {
          return;
        }
      } catch (InterruptedException e) {
        closed = true;
      } catch (Throwable e) {
        // The writer outlives whatever one group did; those who wait for it learn of the failure.
        sql.rollback();
        group.forEach(task -> task.fail(dialect.failed(e)));
      }
      group.clear();
    }
  }

  private void commitTogether(List<Task<?>> group) {
    long started = System.nanoTime();
    try {
      sql.begin();
      Task<?> next = group.get(0);
      while (true) {
        next.apply(sql);
        boolean more =
            group.size() < MOST_PER_COMMIT && System.nanoTime() - started < LONGEST_COMMIT_NANOS;
        next = more ? waiting.poll() : null;
        if (next == null) {
          break;
        }
        group.add(next);
      }
      sql.commit();
    } catch (SQLException | RuntimeException e) {
      sql.rollback();
      if (group.size() == 1) {
        group.get(0).fail(dialect.failed(e));
      } else {
        LOG.debug("a shared transaction failed, its {} writes run alone", group.size(), e);
        group.forEach(this::commitAlone);
      }
      return;
    }
    group.forEach(Task::succeed);
  }

  private void commitAlone(Task<?> task) {
    try {
      sql.begin();
      task.apply(sql);
      sql.commit();
    } catch (SQLException | RuntimeException e) {
      sql.rollback();
      task.fail(dialect.failed(e));
      return;
    }
    task.succeed();
  }

  private static final class Task<T> {
    private final Write<T> write;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable T result;

    Task(Write<T> write) {
      this.write = write;
    }

    void apply(SqlSession sql) throws SQLException {
      result = write.apply(sql);
    }

    void succeed() {
      done.complete(Objects.requireNonNull(result));
    }

    void fail(StoreException failure) {
      done.completeExceptionally(failure);
    }
  }
}
