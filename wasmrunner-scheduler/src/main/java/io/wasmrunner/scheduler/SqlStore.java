package io.wasmrunner.scheduler;

import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.SystemEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store in SQLite: one writer, one reader. */
final class SqlStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(SqlStore.class);

  private final StoreLock lock;
  private final SqliteDialect dialect;
  private final SqlSession writing;
  private final StoreWriter writer;
  private final StoreReader reader;

  private SqlStore(StoreLock lock, SqliteDialect dialect, SqlSession writing, SqlSession reading) {
    this.lock = lock;
    this.dialect = dialect;
    this.writing = writing;
    this.writer = new StoreWriter(writing, dialect);
    this.reader = new StoreReader(reading, dialect);
  }

  /**
   * Opens the store in this folder and brings its tables up to date. Blocks.
   *
   * @throws StoreException when that is not possible; nothing is left open then
   */
  static SqlStore open(Path folder, long maxBytes, Clock clock) {
    Path file = folder.resolve("wasmrunner.db");
    StoreLock lock = lock(folder);
    SqliteDialect dialect = new SqliteDialect(file, maxBytes);
    try {
      SqlSession writing = new SqlSession(dialect.writer());
      try {
        dialect.check(writing);
        Schema.bringUpToDate(writing, clock);
        return new SqlStore(lock, dialect, writing, new SqlSession(dialect.reader()));
      } catch (SQLException | IOException | RuntimeException e) {
        writing.close();
        throw e;
      }
    } catch (Exception | LinkageError e) {
      release(lock);
      throw dialect.notOpened(e);
    }
  }

  @Override
  public CompletionStage<StoreContents> recover(Instant latestAttempt) {
    return writer.submit(sql -> Recovery.run(sql, latestAttempt));
  }

  @Override
  public CompletionStage<List<Subscription>> subscribe(Set<Subscription.Key> active) {
    return writer.submit(sql -> QueueTables.subscribe(sql, active));
  }

  @Override
  public CompletionStage<Long> publish(NewMessage message, List<Subscription> subscriptions) {
    return writer.submit(
        sql -> {
          dialect.requireRoom(sql);
          return QueueTables.publish(sql, message, subscriptions);
        });
  }

  @Override
  public CompletionStage<Claim> claim(Subscription subscription, Instant now, int limit) {
    return writer.submit(sql -> DeliveryTable.claim(sql, subscription, now, limit));
  }

  @Override
  public CompletionStage<Void> settle(long delivery, Settlement settlement, Instant now) {
    return writer.execute(sql -> DeliveryTable.settle(sql, delivery, settlement, now));
  }

  @Override
  public CompletionStage<List<Subscription.Key>> expire(Instant publishedBefore, Instant now) {
    return writer.submit(sql -> CleanUp.expire(sql, publishedBefore, now));
  }

  @Override
  public CompletionStage<Pruned> prune(
      SchedulerLimits limits, Instant deliveredBefore, Instant unusedSince) {
    return writer.submit(sql -> CleanUp.prune(sql, limits, deliveredBefore, unusedSince));
  }

  @Override
  public CompletionStage<Void> save(ScheduleState schedule) {
    return writer.execute(sql -> ScheduleTable.save(sql, schedule));
  }

  @Override
  public CompletionStage<List<DeliveryStatus>> deliveries(
      String queue, Optional<DeliveryStatus.State> state, int limit) {
    return reader.submit(sql -> DeliveryTable.list(sql, queue, state, limit));
  }

  @Override
  public CompletionStage<Void> keep(List<SystemEvent> events, int bound) {
    return writer.execute(sql -> EventTable.keep(sql, events, bound));
  }

  @Override
  public CompletionStage<List<EventsPage.Kept>> events(EventsQuery query) {
    return reader.submit(sql -> EventTable.list(sql, query));
  }

  @Override
  public void close() {
    writer.close();
    reader.close();
    try {
      dialect.checkpoint(writing);
      writing.close();
    } catch (SQLException e) {
      LOG.warn("the database was not closed cleanly; nothing is lost", e);
    }
    release(lock);
  }

  private static StoreLock lock(Path folder) {
    try {
      Files.createDirectories(folder);
      return StoreLock.take(folder.resolve("wasmrunner.db.lock"));
    } catch (IOException e) {
      throw new StoreException(
          StoreException.NOT_WRITABLE,
          "the data folder %s cannot be written: %s".formatted(folder.toAbsolutePath(), e),
          "Give the user that runs wasmrunner the right to write there, or name another folder with"
              + " --data-dir.",
          e);
    }
  }

  private static void release(StoreLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("the lock of the data folder was not released", e);
    }
  }
}
