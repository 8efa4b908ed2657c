package io.wasmrunner.scheduler;

import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Events in SQL. */
final class EventTable {
  /** By their number in the table. */
  private static final List<Severity> SEVERITIES =
      List.of(Severity.INFO, Severity.WARNING, Severity.ERROR);

  private EventTable() {}

  /** Adds events, and drops the oldest beyond the bound. */
  static void keep(SqlSession sql, List<SystemEvent> events, int bound) throws SQLException {
    for (SystemEvent event : events) {
      sql.update(
          """
          INSERT INTO event (at, severity, kind, service, runner, message)
          VALUES (?, ?, ?, ?, ?, ?)\
          """,
          event.at().toEpochMilli(),
          SEVERITIES.indexOf(event.severity()),
          event.kind(),
          event.service(),
          event.runner(),
          event.message());
    }
    // Numbers have no gaps: the newest row is never deleted.
    sql.update("DELETE FROM event WHERE id <= (SELECT MAX(id) FROM event) - ?", bound);
  }

  static List<EventsPage.Kept> list(SqlSession sql, EventsQuery query) throws SQLException {
    return sql.query(
        """
        SELECT id, at, severity, kind, service, runner, message FROM event
        WHERE id < ? AND severity >= ? AND (? = '' OR service = ?)
        ORDER BY id DESC LIMIT ?\
        """,
        EventTable::kept,
        query.before(),
        SEVERITIES.indexOf(query.atLeast()),
        query.service().orElse(""),
        query.service().orElse(""),
        Math.min(query.limit(), Store.MOST_AT_ONCE));
  }

  private static EventsPage.Kept kept(ResultSet row) throws SQLException {
    int runner = row.getInt(6);
    Optional<Integer> index = row.wasNull() ? Optional.empty() : Optional.of(runner);
    return new EventsPage.Kept(
        row.getLong(1),
        new SystemEvent(
            Instant.ofEpochMilli(row.getLong(2)),
            SEVERITIES.get(row.getInt(3)),
            row.getString(4),
            Optional.ofNullable(row.getString(5)),
            index,
            row.getString(7)));
  }
}
