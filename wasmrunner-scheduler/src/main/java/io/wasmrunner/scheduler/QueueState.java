package io.wasmrunner.scheduler;

import io.wasmrunner.model.QueueStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The counts of one queue, kept in step with the store. Belongs to one context. */
final class QueueState {
  private final String name;
  private List<Subscription> subscriptions = List.of();
  private long published;
  private long delivered;
  private long pending;
  private long inFlight;
  private long dead;
  private long uncommitted;
  private Instant lastPublished = Instant.MIN;

  QueueState(String name) {
    this.name = name;
  }

  QueueState(StoreContents.QueueCounts counts) {
    this(counts.name());
    this.published = counts.published();
    this.delivered = counts.delivered();
    this.pending = counts.pending();
    this.dead = counts.dead();
  }

  QueueStatus status() {
    List<String> subscribers = new ArrayList<>();
    subscriptions.forEach(each -> subscribers.add(each.key().subscriber()));
    return new QueueStatus(name, subscribers, published, pending, inFlight, delivered, dead);
  }

  String name() {
    return name;
  }

  List<Subscription> subscriptions() {
    return subscriptions;
  }

  void subscriptions(List<Subscription> now) {
    subscriptions = now;
  }

  /** Whether there is anything to show. */
  boolean used() {
    return published > 0 || !subscriptions.isEmpty();
  }

  /** Whether it may be forgotten: nothing under way, nobody listens, not used since. */
  boolean unusedSince(Instant time) {
    return uncommitted == 0 && subscriptions.isEmpty() && lastPublished.isBefore(time);
  }

  /** Deliveries that wait, are under way or are on their way into the store. */
  long backlog() {
    return pending + inFlight + uncommitted;
  }

  void publishing(int deliveries, Instant at) {
    uncommitted += Math.max(1, deliveries);
    lastPublished = at;
  }

  void publishEnded(int deliveries) {
    uncommitted -= Math.max(1, deliveries);
  }

  void published(long messages, int deliveries) {
    published = messages;
    pending += deliveries;
  }

  void claimed(int deliveries) {
    pending -= deliveries;
    inFlight += deliveries;
  }

  void settled(Settlement settlement) {
    inFlight--;
    if (settlement instanceof Settlement.Delivered) {
      delivered++;
    } else if (settlement instanceof Settlement.Dead) {
      dead++;
    } else {
      pending++;
    }
  }

  void expired() {
    pending--;
    dead++;
  }

  void droppedDead(int deliveries) {
    dead -= deliveries;
  }
}
