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
  /** The content type cannot be used. */
  static final String CONTENT_TYPE = "WR-4202";

  /** The body is larger than allowed. */
  static final String TOO_LARGE = "WR-4203";

  /** Too much waits in this queue. */
  static final String FULL = "WR-4204";

  /** There are too many queues. */
  static final String TOO_MANY = "WR-4205";

  /** The services are not known yet. */
  static final String NOT_READY = "WR-4206";

  /** No such queue. */
  static final String UNKNOWN = "WR-4207";

  /** Bodies that wait for their commit, all together. */
  private static final long MOST_UNCOMMITTED_BYTES = 64L << 20;

  private final Context context;
  private final Store store;
  private final StoreAlarm storeAlarm;
  private final ChangeFeed feed;
  private final Deliveries deliveries;
  private final SchedulerOptions options;
  private final Map<String, QueueState> queues = new TreeMap<>();
  private final Map<Long, Lane> lanes = new HashMap<>();
  private long uncommittedBytes;
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
    String contentType = checkedContentType(command.contentType());
    checkSize(command.body().size());
    if (!ready) {
      throw new RequestFailedException(
          Reason.UNAVAILABLE,
          NOT_READY,
          "the services, and so the subscribers of the queues, are not known yet",
          "Try again in a moment.");
    }
    QueueState queue = admit(name);
    int size = command.body().size();
    List<Subscription> subscriptions = queue.subscriptions();
    Instant now = options.clock().instant();
    NewMessage message =
        new NewMessage(
            MessageId.next(now, options.random()), name, contentType, command.body(), now);
    queue.publishing(subscriptions.size(), now);
    uncommittedBytes += size;
    return storeAlarm
        .watch(Future.fromCompletionStage(store.publish(message, subscriptions), context))
        .onComplete(
            done -> {
              uncommittedBytes -= size;
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
    SchedulerLimits limits = options.limits();
    if (known == null && queues.size() >= limits.maxQueues()) {
      throw new RequestFailedException(
          Reason.FULL,
          TOO_MANY,
          "there are %d queues already".formatted(queues.size()),
          "Publish to a queue that exists, or give this one a listener in a service.json.");
    }
    if (known != null
        && known.backlog() + known.subscriptions().size() > limits.maxPendingPerQueue()) {
      throw new RequestFailedException(
          Reason.FULL,
          FULL,
          "%d deliveries of queue %s wait already".formatted(known.backlog(), name),
          "Publish again later; look why its subscribers do not take messages.");
    }
    if (uncommittedBytes > MOST_UNCOMMITTED_BYTES) {
      throw new RequestFailedException(
          Reason.FULL,
          FULL,
          "%d MiB wait to be written to disk".formatted(uncommittedBytes >> 20),
          "Publish again later.");
    }
    return known != null ? known : queues.computeIfAbsent(name, QueueState::new);
  }

  private void forgetUnused(QueueState queue) {
    if (!queue.used() && queue.unusedSince(Instant.MAX)) {
      queues.remove(queue.name());
    }
  }

  private void checkSize(int size) {
    int most = options.limits().maxPayloadBytes();
    if (size > most) {
      throw new RequestFailedException(
          Reason.TOO_LARGE,
          TOO_LARGE,
          "the message has %,d bytes, allowed are %,d".formatted(size, most),
          "Publish a reference to large content instead of the content.");
    }
  }

  private static String checkedContentType(String given) {
    String type = given.strip();
    if (type.isEmpty()) {
      return "application/json";
    }
    if (type.length() > 255 || !type.chars().allMatch(each -> each >= 0x20 && each < 0x7f)) {
      throw new RequestFailedException(
          Reason.INVALID,
          CONTENT_TYPE,
          "the content type is longer than 255 characters or not visible ASCII",
          "Send a Content-Type such as application/json.");
    }
    return type;
  }
}
