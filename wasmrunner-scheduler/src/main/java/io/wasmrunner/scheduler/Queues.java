package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.wasmrunner.bus.DeliveriesPage;
import io.wasmrunner.bus.DeliveriesQuery;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.bus.QueuesSnapshot;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** All queues: takes messages in, and knows the counts. Belongs to one context. */
final class Queues {
  /** No such queue. */
  static final String UNKNOWN = "WR-4207";

  private final Context context;
  private final Store store;
  private final StoreAlarm storeAlarm;
  private final ChangeFeed feed;
  private final Deliveries deliveries;
  private final SchedulerOptions options;
  private final Admission admission;
  private final Map<String, QueueState> queues = new TreeMap<>();
  private final Map<Long, Lane> lanes = new HashMap<>();
  private boolean ready;

  Queues(
      Context context,
      Store store,
      StoreAlarm storeAlarm,
      ChangeFeed feed,
      Deliveries deliveries,
      SchedulerOptions options) {
    this.context = context;
    this.store = store;
    this.storeAlarm = storeAlarm;
    this.feed = feed;
    this.deliveries = deliveries;
    this.options = options;
    this.admission = new Admission(options.limits());
  }

  /** Takes what earlier processes left. */
  void restore(List<StoreContents.QueueCounts> counts) {
    counts.forEach(each -> queues.put(each.name(), new QueueState(each)));
  }

  /** From now on these are the subscribers; messages can be published. */
  void subscribed(List<Subscription> subscriptions, Map<String, ServiceGate> gates) {
    Map<String, List<Subscription>> byQueue = new HashMap<>();
    for (Subscription each : subscriptions) {
      byQueue.computeIfAbsent(each.key().queue(), none -> new ArrayList<>()).add(each);
      queues.computeIfAbsent(each.key().queue(), QueueState::new);
    }
    queues
        .values()
        .forEach(
            queue -> {
              List<Subscription> now = byQueue.getOrDefault(queue.name(), List.of());
              if (!now.equals(queue.subscriptions())) {
                queue.subscriptions(now);
                feed.changed(queue);
              }
            });
    Map<Long, Lane> before = new HashMap<>(lanes);
    lanes.clear();
    for (Subscription each : subscriptions) {
      Lane lane = before.get(each.id());
      if (lane == null) {
        lane =
            new Lane(
                each,
                Objects.requireNonNull(queues.get(each.key().queue())),
                Objects.requireNonNull(gates.get(each.key().service())));
      }
      lanes.put(each.id(), lane);
    }
    deliveries.lanes(List.copyOf(lanes.values()));
    ready = true;
  }

  /** Whether the subscribers are known and messages can be published. */
  boolean ready() {
    return ready;
  }

  /** All queues, by name. */
  QueuesSnapshot snapshot() {
    return new QueuesSnapshot(
        queues.values().stream().filter(QueueState::used).map(QueueState::status).toList());
  }

  /** Deliveries of a queue. */
  Future<DeliveriesPage> list(DeliveriesQuery query) {
    QueueState queue = queues.get(query.queue().strip());
    if (queue == null || !queue.used()) {
      return Future.failedFuture(
          new RequestFailedException(
              Reason.NOT_FOUND,
              UNKNOWN,
              "there is no queue \"" + query.queue() + "\"",
              "A queue exists once something was published to it or a service listens to it."));
    }
    int limit = Math.min(Math.max(query.limit(), 1), 1_000);
    return Future.fromCompletionStage(store.deliveries(queue.name(), query.state(), limit), context)
        .map(DeliveriesPage::new);
  }

  /** Takes a message in; the reply comes when it is on disk. */
  Future<PublishReply> publish(PublishCommand command) {
    String name = QueueName.checked(command.queue());
    String contentType = Admission.checkedContentType(command.contentType());
    admission.checkSize(command.body().size());
    if (!ready) {
      throw ServiceDirectory.notKnown();
    }
    QueueState queue = admit(name);
    int size = command.body().size();
    List<Subscription> subscriptions = queue.subscriptions();
    Instant now = options.clock().instant();
    NewMessage message =
        new NewMessage(
            MessageId.next(now, options.random()), name, contentType, command.body(), now);
    queue.publishing(subscriptions.size(), now);
    admission.taken(size);
    return storeAlarm
        .watch(Future.fromCompletionStage(store.publish(message, subscriptions), context))
        .onComplete(
            done -> {
              admission.written(size);
              queue.publishEnded(subscriptions.size());
            })
        .onSuccess(count -> published(queue, count, subscriptions, now))
        .onFailure(failure -> forgetUnused(queue))
        .map(count -> new PublishReply(message.id(), name, subscriptions.size(), count));
  }

  /** Deliveries were given up for their age. */
  void expired(List<Subscription.Key> subscriptions) {
    for (Subscription.Key each : subscriptions) {
      QueueState queue = queues.get(each.queue());
      if (queue != null) {
        queue.expired();
        feed.changed(queue);
      }
      feed.givenUp(each, "too old");
    }
  }

  /** Records were dropped. */
  void pruned(Pruned pruned, Instant unusedSince) {
    pruned
        .dead()
        .forEach(
            (name, count) -> {
              QueueState queue = queues.get(name);
              if (queue != null) {
                queue.droppedDead(count);
                feed.changed(queue);
              }
            });
    for (String name : pruned.queues()) {
      QueueState queue = queues.get(name);
      if (queue != null && queue.unusedSince(unusedSince)) {
        queues.remove(name);
      }
    }
  }

  private void published(
      QueueState queue, long count, List<Subscription> subscriptions, Instant now) {
    queue.published(count, subscriptions.size());
    for (Subscription each : subscriptions) {
      Lane lane = lanes.get(each.id());
      if (lane != null) {
        lane.wake(now);
      }
    }
    feed.changed(queue);
    deliveries.pump();
  }

  private QueueState admit(String name) {
    QueueState known = queues.get(name);
    if (known == null) {
      admission.checkNewQueue(queues.size());
      return queues.computeIfAbsent(name, QueueState::new);
    }
    admission.checkBacklog(known);
    return known;
  }

  private void forgetUnused(QueueState queue) {
    if (!queue.used() && queue.unusedSince(Instant.MAX)) {
      queues.remove(queue.name());
    }
  }
}
