package io.wasmrunner.scheduler;

import io.vertx.core.Vertx;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.QueuesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent.Severity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Tells about queues, at most five times a second however much happens. Belongs to one context. */
final class ChangeFeed {
  private static final long PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final Bus bus;
  private final Events events;
  private final Map<String, QueueState> changed = new TreeMap<>();
  private final Map<Subscription.Key, GivenUp> givenUp = new LinkedHashMap<>();
  private boolean armed;

  private record GivenUp(int deliveries, String reason) {}

  ChangeFeed(Vertx vertx, Bus bus, Events events) {
    this.vertx = vertx;
    this.bus = bus;
    this.events = events;
  }

  /** A count or a subscriber changed. */
  void changed(QueueState queue) {
    changed.put(queue.name(), queue);
    arm();
  }

  /** A delivery was given up. */
  void givenUp(Subscription.Key subscription, String reason) {
    givenUp.merge(
        subscription,
        new GivenUp(1, reason),
        (old, one) -> new GivenUp(old.deliveries() + 1, one.reason()));
    arm();
  }

  /** Tells what it knows now. */
  void flush() {
    if (!changed.isEmpty()) {
      bus.publish(
          BusAddress.QUEUES_CHANGED,
          new QueuesSnapshot(
              changed.values().stream().filter(QueueState::used).map(QueueState::status).toList()));
      changed.clear();
    }
    givenUp.forEach(
        (subscription, what) ->
            events.tell(
                Severity.ERROR,
                "delivery.dead",
                subscription.service(),
                "gave up %d of queue %s for %s: %s"
                    .formatted(
                        what.deliveries(),
                        subscription.queue(),
                        subscription.subscriber(),
                        what.reason())));
    givenUp.clear();
  }

  private void arm() {
    if (!armed) {
      armed = true;
      vertx.setTimer(
          PAUSE_MILLIS,
          fired -> {
            armed = false;
            flush();
          });
    }
  }
}
