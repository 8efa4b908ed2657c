package io.wasmrunner.scheduler;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the store within its bounds, in SQL. */
final class CleanUp {
  private record Queue(long id, String name) {}

  private record Row(long delivery, long message) {}

  private record Old(long delivery, Subscription.Key key, String lastError) {}

  private CleanUp() {}

  static List<Subscription.Key> expire(SqlSession sql, Instant publishedBefore, Instant now)
      throws SQLException {
    List<Subscription.Key> expired = new ArrayList<>();
    for (Queue queue : queues(sql)) {
      List<Old> old =
          sql.query(
              """
              SELECT d.id, s.service, s.path, d.last_error
              FROM (
                SELECT id, message, subscription, last_error FROM delivery
                WHERE queue = ? AND state = 'PENDING' ORDER BY id LIMIT ?) d
              JOIN message m ON m.seq = d.message
              JOIN subscription s ON s.id = d.subscription
              WHERE m.published_at < ?""",
              row ->
                  new Old(
                      row.getLong(1),
                      new Subscription.Key(queue.name(), row.getString(2), row.getString(3)),
                      row.getString(4)),
              queue.id(),
              Store.MOST_AT_ONCE - expired.size(),
              publishedBefore.toEpochMilli());
      for (Old each : old) {
        String reason = each.lastError().isEmpty() ? "never sent" : each.lastError();
        DeliveryTable.settle(
            sql, each.delivery(), new Settlement.Dead(0, "too old; " + reason), now);
        expired.add(each.key());
      }
    }
    return expired;
  }

  static Pruned prune(
      SqlSession sql, SchedulerLimits limits, Instant deliveredBefore, Instant unusedSince)
      throws SQLException {
    Map<String, Integer> dead = new HashMap<>();
    int left = Store.MOST_AT_ONCE;
    for (Queue queue : queues(sql)) {
      left -= drop(sql, beyond(sql, queue, "DELIVERED", limits.keptDelivered(), left));
      left -=
          drop(
              sql,
              sql.query(
                  """
                  SELECT id, message FROM (
                    SELECT id, message, finished_at FROM delivery
                    WHERE queue = ? AND state = 'DELIVERED' ORDER BY id LIMIT ?)
                  WHERE finished_at < ?""",
                  row -> new Row(row.getLong(1), row.getLong(2)),
                  queue.id(),
                  left,
                  deliveredBefore.toEpochMilli()));
      int droppedDead = drop(sql, beyond(sql, queue, "DEAD", limits.keptDead(), left));
      left -= droppedDead;
      if (droppedDead > 0) {
        dead.put(queue.name(), droppedDead);
      }
    }
    return new Pruned(dead, forgetQueues(sql, unusedSince), left == 0);
  }

  private static List<Queue> queues(SqlSession sql) throws SQLException {
    return sql.query(
        "SELECT id, name FROM queue", row -> new Queue(row.getLong(1), row.getString(2)));
  }

  /** The oldest that are one too many. */
  private static List<Row> beyond(SqlSession sql, Queue queue, String state, int kept, int limit)
      throws SQLException {
    long count =
        sql.number(
            "SELECT COUNT(*) FROM delivery WHERE queue = ? AND state = ?", queue.id(), state);
    return sql.query(
        "SELECT id, message FROM delivery WHERE queue = ? AND state = ? ORDER BY id LIMIT ?",
        row -> new Row(row.getLong(1), row.getLong(2)),
        queue.id(),
        state,
        Math.max(0, Math.min(limit, count - kept)));
  }

  private static int drop(SqlSession sql, List<Row> rows) throws SQLException {
    for (Row row : rows) {
      sql.update("DELETE FROM delivery WHERE id = ?", row.delivery());
      sql.update(
          "DELETE FROM message WHERE seq = ?"
              + " AND NOT EXISTS (SELECT 1 FROM delivery WHERE message = ?)",
          row.message(),
          row.message());
    }
    return rows.size();
  }

  private static List<String> forgetQueues(SqlSession sql, Instant unusedSince)
      throws SQLException {
    sql.update(
        """
        DELETE FROM subscription
        WHERE active = 0
          AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.queue = subscription.queue)""");
    return sql.query(
        """
        DELETE FROM queue
        WHERE last_published < ?
          AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.queue = queue.id)
          AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.queue = queue.id)
        RETURNING name""",
        row -> row.getString(1),
        unusedSince.toEpochMilli());
  }
}
