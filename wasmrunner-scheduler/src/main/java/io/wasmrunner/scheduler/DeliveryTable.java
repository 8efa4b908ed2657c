package io.wasmrunner.scheduler;

import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.Payload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deliveries in SQL. */
final class DeliveryTable {
  private DeliveryTable() {}

  static Claim claim(SqlSession sql, Subscription subscription, Instant now, int limit)
      throws SQLException {
    List<Claim.Delivery> taken =
        sql.query(
            """
            SELECT d.id, m.id, m.content_type, b.body, d.next_attempt_at, d.attempts + 1
            FROM delivery d
            JOIN message m ON m.seq = d.message
            JOIN message_body b ON b.message = d.message
            WHERE d.subscription = ? AND d.state = 'PENDING' AND d.next_attempt_at <= ?
            ORDER BY d.next_attempt_at, d.id LIMIT ?""",
            row ->
                new Claim.Delivery(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    Payload.of(row.getBytes(4)),
                    Instant.ofEpochMilli(row.getLong(5)),
                    row.getInt(6)),
            subscription.id(),
            now.toEpochMilli(),
            limit);
    for (Claim.Delivery delivery : taken) {
      sql.update(
          "UPDATE delivery SET state = 'IN_FLIGHT', attempts = attempts + 1 WHERE id = ?",
          delivery.id());
    }
    List<Instant> next =
        sql.query(
            """
            SELECT next_attempt_at FROM delivery
            WHERE subscription = ? AND state = 'PENDING' ORDER BY next_attempt_at, id LIMIT 1""",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            subscription.id());
    return new Claim(taken, next.stream().findFirst());
  }

  static void settle(SqlSession sql, long delivery, Settlement settlement, Instant now)
      throws SQLException {
    if (settlement instanceof Settlement.Delivered) {
      sql.update(
          """
          DELETE FROM message_body
          WHERE message = (SELECT message FROM delivery WHERE id = ?)
            AND NOT EXISTS (
              SELECT 1 FROM delivery other
              WHERE other.message = message_body.message
                AND other.id <> ? AND other.state <> 'DELIVERED')""",
          delivery,
          delivery);
      sql.update(
          "UPDATE queue SET delivered = delivered + 1"
              + " WHERE id = (SELECT queue FROM delivery WHERE id = ?)",
          delivery);
      finish(sql, delivery, "DELIVERED", settlement, now);
    } else if (settlement instanceof Settlement.Dead) {
      finish(sql, delivery, "DEAD", settlement, now);
    } else if (settlement instanceof Settlement.Retry retry) {
      sql.update(
          """
          UPDATE delivery
          SET state = 'PENDING', next_attempt_at = ?, last_status = ?, last_error = ?
          WHERE id = ?""",
          retry.at().toEpochMilli(),
          retry.status(),
          retry.error(),
          delivery);
    } else {
      sql.update(
          """
          UPDATE delivery
          SET state = 'PENDING', attempts = attempts - 1, last_status = 0, last_error = ?
          WHERE id = ?""",
          settlement.error(),
          delivery);
    }
  }

  static List<DeliveryStatus> list(
      SqlSession sql, String queue, Optional<DeliveryStatus.State> state, int limit)
      throws SQLException {
    List<Long> ids = new ArrayList<>();
    for (DeliveryStatus.State each : DeliveryStatus.State.values()) {
      if (state.isEmpty() || state.get() == each) {
        ids.addAll(
            sql.query(
                """
                SELECT d.id FROM delivery d
                WHERE d.queue = (SELECT id FROM queue WHERE name = ?) AND d.state = ?
                ORDER BY d.id DESC LIMIT ?""",
                row -> row.getLong(1),
                queue,
                each.name(),
                limit));
      }
    }
    ids.sort((a, b) -> Long.compare(b, a));
    List<DeliveryStatus> found = new ArrayList<>();
    for (long id : ids.subList(0, Math.min(limit, ids.size()))) {
      found.addAll(
          sql.query(
              """
              SELECT m.id, s.service, s.path, d.state, m.published_at, d.attempts,
                d.next_attempt_at, d.last_status, d.last_error
              FROM delivery d
              JOIN message m ON m.seq = d.message
              JOIN subscription s ON s.id = d.subscription
              WHERE d.id = ?""",
              row -> status(queue, row),
              id));
    }
    return found;
  }

  private static DeliveryStatus status(String queue, ResultSet row) throws SQLException {
    DeliveryStatus.State state = DeliveryStatus.State.valueOf(row.getString(4));
    return new DeliveryStatus(
        row.getString(1),
        queue,
        row.getString(2),
        row.getString(3),
        state,
        Instant.ofEpochMilli(row.getLong(5)),
        row.getInt(6),
        state == DeliveryStatus.State.PENDING
            ? Optional.of(Instant.ofEpochMilli(row.getLong(7)))
            : Optional.empty(),
        row.getInt(8),
        row.getString(9));
  }

  private static void finish(
      SqlSession sql, long delivery, String state, Settlement settlement, Instant now)
      throws SQLException {
    sql.update(
        "UPDATE delivery SET state = ?, last_status = ?, last_error = ?, finished_at = ?"
            + " WHERE id = ?",
        state,
        settlement.status(),
        settlement.error(),
        now.toEpochMilli(),
        delivery);
  }
}
