package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keeps the store within its bounds, once a minute. Belongs to one context. */
final class Housekeeping {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** After a start, even an old message gets this time, as the process may have been down. */
  private static final Duration GRACE = Duration.ofHours(1);

  private static final Duration UNUSED_QUEUE = Duration.ofDays(30);

  private final Context context;
  private final Events events;
  private final Store store;
  private final StoreAlarm storeAlarm;
  private final Queues queues;
  private final SchedulerOptions options;
  private final Instant startedAt;
  private Instant next;
  private boolean busy;

  Housekeeping(
      Context context,
      Events events,
      Store store,
      StoreAlarm storeAlarm,
      Queues queues,
      SchedulerOptions options) {
    this.context = context;
    this.events = events;
    this.store = store;
    this.storeAlarm = storeAlarm;
    this.queues = queues;
    this.options = options;
    this.startedAt = options.clock().instant();
    this.next = startedAt.plus(PERIOD);
  }

  void tick(Instant now) {
    if (busy || now.isBefore(next)) {
      return;
    }
    busy = true;
    next = now.plus(PERIOD);
    expire(now).compose(done -> prune(now)).onComplete(done -> busy = false);
  }

  private Future<Void> expire(Instant now) {
    if (now.isBefore(startedAt.plus(GRACE))) {
      return Future.succeededFuture();
    }
    Instant before = now.minus(options.retry().maxAge());
    Future<List<Subscription.Key>> expired =
        storeAlarm.watch(Future.fromCompletionStage(store.expire(before, now), context));
    return expired.compose(
        given -> {
          queues.expired(given);
          return given.size() < Store.MOST_AT_ONCE ? Future.succeededFuture() : expire(now);
        });
  }

  private Future<Void> prune(Instant now) {
    Instant unusedSince = now.minus(UNUSED_QUEUE);
    Future<Pruned> pruned =
        storeAlarm.watch(
            Future.fromCompletionStage(
                store.prune(
                    options.limits(), now.minus(options.limits().keptDeliveredFor()), unusedSince),
                context));
    return pruned.compose(
        dropped -> {
          queues.pruned(dropped, unusedSince);
          dropped.dead().forEach(this::announce);
          return dropped.more() ? prune(now) : Future.succeededFuture();
        });
  }

  private void announce(String queue, int count) {
    events.tell(
        Severity.WARNING,
        "delivery.dropped",
        "dropped the %d oldest dead deliveries of queue %s: more than %d are not kept"
            .formatted(count, queue, options.limits().keptDead()));
  }
}
