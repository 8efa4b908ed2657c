package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Wakes at times of the injected clock. Belongs to one context. */
final class Alarms {
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparing(Alarm::at));

  private boolean cancelled;

  private record Alarm(Instant at, Promise<Void> promise) {}

  /** Completes at the first tick at or after this time; fails when the scheduler stops before. */
  Future<Void> at(Instant time) {
    if (cancelled) {
      return Future.failedFuture("wasmrunner is stopping");
    }
    Promise<Void> promise = Promise.promise();
    alarms.add(new Alarm(time, promise));
    return promise.future();
  }

  void tick(Instant now) {
    while (!alarms.isEmpty() && !alarms.peek().at().isAfter(now)) {
      alarms.remove().promise().complete();
    }
  }

  /** Fails all that still wait, and all that come. */
  void cancel() {
    cancelled = true;
    while (!alarms.isEmpty()) {
      alarms.remove().promise().fail("wasmrunner is stopping");
    }
  }
}
