package io.wasmrunner.scheduler;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** All that is special to SQLite; the rest of the store is plain SQL. Thread-safe. */
final class SqliteDialect {
  /** Larger databases are not read whole at start. */
  private static final long CHECKED_BYTES = 256L << 20;

  private final Path file;
  private final long maxPages;

  /**
   * A database.
   *
   * @param file its file
   * @param maxBytes size at which publishing is refused
   */
  SqliteDialect(Path file, long maxBytes) {
    this.file = file;
    this.maxPages = Math.max(64, maxBytes / 4096);
  }

  /** Opens a connection that may write: every commit is on disk when it returns. */
  Connection writer() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false); // they cost a second statement per insert
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 2000");
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA journal_size_limit = 67108864");
      // Some room above the bound, so that deliveries can still be finished when it is reached.
      statement.execute("PRAGMA max_page_count = " + (maxPages + maxPages / 8 + 64));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** Opens a connection for queries. */
  Connection reader() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 2000");
      statement.execute("PRAGMA query_only = ON");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** Looks for damage; throws when there is some. */
  void check(SqlSession sql) throws SQLException {
    if (file.toFile().length() > CHECKED_BYTES) {
      return;
    }
    String found = sql.query("PRAGMA quick_check(1)", row -> row.getString(1)).get(0);
    if (!found.equals("ok")) {
      throw corrupt(found, null);
    }
  }

  /** Refuses to grow beyond the bound. */
  void requireRoom(SqlSession sql) throws SQLException {
    long used = sql.number("PRAGMA page_count") - sql.number("PRAGMA freelist_count");
    if (used >= maxPages) {
      throw new StoreException(
          StoreException.FULL,
          "the database %s has reached its bound of %d MiB".formatted(file, maxPages >> 8),
          "Look for queues whose messages are not delivered, and fix their subscribers.");
    }
  }

  /** Brings the write-ahead log back into the database. */
  void checkpoint(SqlSession sql) throws SQLException {
    sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Explains why the database cannot be opened. */
  StoreException notOpened(Throwable cause) {
    if (cause instanceof StoreException known) {
      return known;
    }
    if (codeOf(cause) == SQLiteErrorCode.SQLITE_CORRUPT
        || codeOf(cause) == SQLiteErrorCode.SQLITE_NOTADB) {
      return corrupt(String.valueOf(cause.getMessage()), cause);
    }
    return new StoreException(
        StoreException.NOT_OPENED,
        "the database %s cannot be opened: %s".formatted(file, cause.getMessage()),
        "Check that the file and its folder belong to the user that runs wasmrunner, that the disk"
            + " has room, and that the folder for temporary files allows programs (set"
            + " -Dorg.sqlite.tmpdir to another one if not).",
        cause);
  }

  /** Explains why a statement failed. */
  StoreException failed(Throwable cause) {
    if (cause instanceof StoreException known) {
      return known;
    }
    SQLiteErrorCode code = codeOf(cause);
    if (code == SQLiteErrorCode.SQLITE_FULL || code == SQLiteErrorCode.SQLITE_IOERR_WRITE) {
      return new StoreException(
          StoreException.FULL,
          "there is no room to write to " + file,
          "Free disk space; nothing that was accepted is lost.",
          cause);
    }
    if (code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB) {
      return corrupt(String.valueOf(cause.getMessage()), cause);
    }
    if (code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED) {
      return new StoreException(
          StoreException.FAILED,
          "another program keeps %s locked".formatted(file),
          "Close the program that has the database open, such as a sqlite3 shell or a backup.",
          cause);
    }
    return new StoreException(
        StoreException.FAILED,
        "the database %s failed: %s".formatted(file, cause.getMessage()),
        "Check the disk; the log has the details.",
        cause);
  }

  private StoreException corrupt(String found, @Nullable Throwable cause) {
    StoreException failure =
        new StoreException(
            StoreException.CORRUPT,
            "%s is damaged or no wasmrunner database: %s".formatted(file, found),
            "Stop, move the file and its -wal and -shm neighbours aside (keep them: a copy may be"
                + " repaired with the sqlite3 command .recover), and put a backup in their place or"
                + " start without.");
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }

  private static SQLiteErrorCode codeOf(Throwable cause) {
    return cause instanceof SQLiteException known
        ? known.getResultCode()
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }
}
