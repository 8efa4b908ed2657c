package io.wasmrunner.scheduler;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection with its prepared statements. Belongs to one thread. */
final class SqlSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqlSession.class);

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private boolean inTransaction;

  SqlSession(Connection connection) {
    this.connection = connection;
  }

  /** Reads one row. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs an insert, update or delete; the number of rows it touched. */
  int update(String sql, Object... arguments) throws SQLException {
    try {
      return prepare(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  /** Runs a query and reads all its rows. */
  <T> List<T> query(String sql, RowReader<T> reader, Object... arguments) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = prepare(sql, arguments).executeQuery()) {
      while (rows.next()) {
        found.add(reader.read(rows));
      }
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
    return found;
  }

  /** The one number that a query gives. */
  long number(String sql, Object... arguments) throws SQLException {
    return query(sql, row -> row.getLong(1), arguments).get(0);
  }

  /** Runs statements that are not worth preparing. */
  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Starts a transaction; {@link #commit} or {@link #rollback} ends it. */
  void begin() throws SQLException {
    update("BEGIN IMMEDIATE");
    inTransaction = true;
  }

  /** Starts a transaction that sees one moment of the database and changes nothing. */
  void beginReading() throws SQLException {
    update("BEGIN");
    inTransaction = true;
  }

  void commit() throws SQLException {
    update("COMMIT");
    inTransaction = false;
  }

  /** Takes back what was done since {@link #begin}; nothing when there is no transaction. */
  void rollback() {
    if (!inTransaction) {
      return;
    }
    inTransaction = false;
    try {
      update("ROLLBACK");
    } catch (SQLException rolledBackByTheDatabase) {
      LOG.debug("the database has rolled back by itself", rolledBackByTheDatabase);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** The driver does not let a statement run again after a failure. */
  private void forget(String sql) {
    PreparedStatement failed = statements.remove(sql);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        LOG.debug("a failed statement did not close", e);
      }
    }
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      Object value = arguments[i] instanceof Optional<?> maybe ? maybe.orElse(null) : arguments[i];
      statement.setObject(i + 1, value);
    }
    return statement;
  }
}
