package io.wasmrunner.scheduler;

import io.wasmrunner.model.ScheduleStatus.RunResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Schedules in SQL. */
final class ScheduleTable {
  private ScheduleTable() {}

  static void save(SqlSession sql, ScheduleState schedule) throws SQLException {
    sql.update(
        "DELETE FROM schedule WHERE service = ? AND position = ?",
        schedule.service(),
        schedule.index());
    sql.update(
        """
        INSERT INTO schedule (service, position, path, paused, next_run_at, last_started_at,
          last_duration_ms, last_status, last_error, last_attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        schedule.service(),
        schedule.index(),
        schedule.path(),
        schedule.paused() ? 1 : 0,
        schedule.nextRunAt().map(Instant::toEpochMilli),
        schedule.lastRun().map(run -> run.startedAt().toEpochMilli()),
        schedule.lastRun().map(run -> run.duration().toMillis()).orElse(0L),
        schedule.lastRun().map(RunResult::httpStatus).orElse(0),
        schedule.lastRun().map(RunResult::error).orElse(""),
        schedule.lastRun().map(RunResult::attempts).orElse(0));
  }

  static List<ScheduleState> all(SqlSession sql) throws SQLException {
    return sql.query(
        """
        SELECT service, position, path, paused, next_run_at, last_started_at, last_duration_ms,
          last_status, last_error, last_attempts
        FROM schedule""",
        row ->
            new ScheduleState(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getBoolean(4),
                time(row, 5),
                lastRun(row)));
  }

  private static Optional<RunResult> lastRun(ResultSet row) throws SQLException {
    Optional<Instant> startedAt = time(row, 6);
    if (startedAt.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RunResult(
            startedAt.get(),
            Duration.ofMillis(row.getLong(7)),
            row.getInt(8),
            row.getString(9),
            row.getInt(10)));
  }

  private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
