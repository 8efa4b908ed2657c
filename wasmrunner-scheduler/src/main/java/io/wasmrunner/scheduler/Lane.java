package io.wasmrunner.scheduler;

import java.time.Instant;

/** The deliveries of one subscription, as far as memory holds them. Belongs to one context. */
final class Lane {
  private final Subscription subscription;
  private final QueueState queue;
  private final ServiceGate gate;
  private Instant nextDue = Instant.MIN;
  private boolean claiming;

  Lane(Subscription subscription, QueueState queue, ServiceGate gate) {
    this.subscription = subscription;
    this.queue = queue;
    this.gate = gate;
  }

  Subscription subscription() {
    return subscription;
  }

  QueueState queue() {
    return queue;
  }

  ServiceGate gate() {
    return gate;
  }

  /** Whether there may be something to send. */
  boolean due(Instant now) {
    return !claiming && !nextDue.isAfter(now);
  }

  /** Something is due at this time. */
  void wake(Instant at) {
    if (at.isBefore(nextDue)) {
      nextDue = at;
    }
  }

  void claiming() {
    claiming = true;
  }

  void claimed(Instant next) {
    claiming = false;
    nextDue = next;
  }
}
