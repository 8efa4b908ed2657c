package io.wasmrunner.scheduler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/** The tables, brought up to date by numbered scripts that each run once. */
final class Schema {
  private static final List<String> SCRIPTS =
      List.of("001-deliveries-and-schedules.sql", "002-events.sql");

  private Schema() {}

  /**
   * Runs the scripts that this database has not seen.
   *
   * @throws StoreException WR-4004 when it has seen more than this version knows
   */
  static void bringUpToDate(SqlSession sql, Clock clock) throws SQLException, IOException {
    sql.execute(
        "CREATE TABLE IF NOT EXISTS schema_version"
            + " (version INTEGER PRIMARY KEY, script TEXT NOT NULL, applied_at INTEGER NOT NULL)");
    int version = (int) sql.number("SELECT COALESCE(MAX(version), 0) FROM schema_version");
    if (version > SCRIPTS.size()) {
      throw new StoreException(
          StoreException.NEWER,
          "the database has schema version %d, this wasmrunner knows up to %d"
              .formatted(version, SCRIPTS.size()),
          "Start the wasmrunner that made it, or a newer one; or use another data folder.");
    }
    for (int next = version; next < SCRIPTS.size(); next++) {
      apply(sql, next + 1, SCRIPTS.get(next), clock);
    }
  }

  private static void apply(SqlSession sql, int version, String script, Clock clock)
      throws SQLException, IOException {
    sql.begin();
    try {
      for (String statement : read(script).split(";\\s*\n", -1)) {
        if (!statement.isBlank()) {
          sql.execute(statement);
        }
      }
      sql.update(
          "INSERT INTO schema_version (version, script, applied_at) VALUES (?, ?, ?)",
          version,
          script,
          clock.millis());
      sql.commit();
    } catch (SQLException e) {
      sql.rollback();
      throw e;
    }
  }

  private static String read(String script) throws IOException {
    try (InputStream in = Schema.class.getResourceAsStream("schema/" + script)) {
      if (in == null) {
        throw new IOException("the schema script " + script + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
