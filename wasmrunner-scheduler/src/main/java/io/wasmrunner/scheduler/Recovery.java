package io.wasmrunner.scheduler;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is done once with the store at start. */
final class Recovery {
  private record Count(long queue, String state, long deliveries) {}

  private Recovery() {}

  static StoreContents run(SqlSession sql, Instant latestAttempt) throws SQLException {
    sql.update(
        """
        UPDATE delivery SET state = 'PENDING'
        WHERE queue IN (SELECT id FROM queue) AND state = 'IN_FLIGHT'""");
    sql.update(
        """
        UPDATE delivery SET next_attempt_at = ?
        WHERE queue IN (SELECT id FROM queue) AND state = 'PENDING' AND next_attempt_at > ?""",
        latestAttempt.toEpochMilli(),
        latestAttempt.toEpochMilli());
    return new StoreContents(queues(sql), subscriptions(sql), ScheduleTable.all(sql));
  }

  private static List<StoreContents.QueueCounts> queues(SqlSession sql) throws SQLException {
    Map<Long, Long> pending = new HashMap<>();
    Map<Long, Long> dead = new HashMap<>();
    List<Count> counts =
        sql.query(
            "SELECT queue, state, COUNT(*) FROM delivery GROUP BY queue, state",
            row -> new Count(row.getLong(1), row.getString(2), row.getLong(3)));
    for (Count count : counts) {
      switch (count.state()) {
        case "PENDING" -> pending.put(count.queue(), count.deliveries());
        case "DEAD" -> dead.put(count.queue(), count.deliveries());
        default -> {}
      }
    }
    return new ArrayList<>(
        sql.query(
            "SELECT id, name, published, delivered FROM queue",
            row ->
                new StoreContents.QueueCounts(
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4),
                    pending.getOrDefault(row.getLong(1), 0L),
                    dead.getOrDefault(row.getLong(1), 0L))));
  }

  private static List<Subscription> subscriptions(SqlSession sql) throws SQLException {
    return sql.query(
        """
        SELECT s.id, q.name, s.service, s.path FROM subscription s JOIN queue q ON q.id = s.queue
        WHERE s.active = 1""",
        row ->
            new Subscription(
                row.getLong(1),
                new Subscription.Key(row.getString(2), row.getString(3), row.getString(4))));
  }
}
