package io.wasmrunner.scheduler;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Queues, their subscriptions and messages in SQL. */
final class QueueTables {
  private QueueTables() {}

  static List<Subscription> subscribe(SqlSession sql, Set<Subscription.Key> active)
      throws SQLException {
    sql.update("UPDATE subscription SET active = 0 WHERE active = 1");
    List<Subscription> made = new ArrayList<>();
    for (Subscription.Key key : active) {
      sql.update("INSERT INTO queue (name) VALUES (?) ON CONFLICT DO NOTHING", key.queue());
      long id =
          sql.number(
              """
              INSERT INTO subscription (queue, service, path)
              VALUES ((SELECT id FROM queue WHERE name = ?), ?, ?)
              ON CONFLICT (queue, service, path) DO UPDATE SET active = 1
              RETURNING id""",
              key.queue(),
              key.service(),
              key.path());
      made.add(new Subscription(id, key));
    }
    return made;
  }

  static long publish(SqlSession sql, NewMessage message, List<Subscription> subscriptions)
      throws SQLException {
    long at = message.publishedAt().toEpochMilli();
    long published =
        sql.number(
            """
            INSERT INTO queue (name, published, last_published) VALUES (?, 1, ?)
            ON CONFLICT (name)
            DO UPDATE SET published = published + 1, last_published = excluded.last_published
            RETURNING published""",
            message.queue(),
            at);
    if (subscriptions.isEmpty()) {
      return published;
    }
    long seq =
        sql.number(
            "INSERT INTO message (id, content_type, published_at) VALUES (?, ?, ?) RETURNING seq",
            message.id(),
            message.contentType(),
            at);
    sql.update(
        "INSERT INTO message_body (message, body) VALUES (?, ?)",
        seq,
        message.body().toByteArray());
    for (Subscription subscription : subscriptions) {
      sql.update(
          """
          INSERT INTO delivery (message, queue, subscription, state, next_attempt_at)
          SELECT ?, queue, id, 'PENDING', ? FROM subscription WHERE id = ?""",
          seq,
          at,
          subscription.id());
    }
    return published;
  }
}
