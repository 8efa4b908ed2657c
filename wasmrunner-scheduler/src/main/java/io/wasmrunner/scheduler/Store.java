package io.wasmrunner.scheduler;

import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.SystemEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What has to outlive the process. Each operation happens whole or not at all, in the order asked,
 * and is on disk when its stage completes; a stage fails with {@link StoreException}. Stages
 * complete on threads of the store. Thread-safe.
 */
interface Store extends AutoCloseable {
  /** Bound of the work of one clean-up step, so that publishers do not wait for it. */
  int MOST_AT_ONCE = 1_000;

  /**
   * Reads what is there, once at start. Deliveries that were under way when the last process ended
   * wait again.
   *
   * @param latestAttempt no delivery waits longer than this, should the clock have been set back
   */
  CompletionStage<StoreContents> recover(Instant latestAttempt);

  /** Makes these the active subscriptions; the rest become inactive, with what waits for them. */
  CompletionStage<List<Subscription>> subscribe(Set<Subscription.Key> active);

  /**
   * Keeps a message with one delivery per subscription; without any, only counts it.
   *
   * @return messages accepted by this queue so far
   */
  CompletionStage<Long> publish(NewMessage message, List<Subscription> subscriptions);

  /** Takes deliveries that are due, earliest first, and counts an attempt for each. */
  CompletionStage<Claim> claim(Subscription subscription, Instant now, int limit);

  /** Writes down how an attempt ended. */
  CompletionStage<Void> settle(long delivery, Settlement settlement, Instant now);

  /**
   * Gives up deliveries that wait and whose message was published before the time.
   *
   * @return one entry per delivery; as many as {@link #MOST_AT_ONCE} when there may be more
   */
  CompletionStage<List<Subscription.Key>> expire(Instant publishedBefore, Instant now);

  /** Drops records beyond the bounds, up to {@link #MOST_AT_ONCE}, and queues nobody uses. */
  CompletionStage<Pruned> prune(
      SchedulerLimits limits, Instant deliveredBefore, Instant unusedSince);

  /** Keeps the state of a schedule, in place of what was known at its position. */
  CompletionStage<Void> save(ScheduleState schedule);

  /** Deliveries of a queue, newest first. */
  CompletionStage<List<DeliveryStatus>> deliveries(
      String queue, Optional<DeliveryStatus.State> state, int limit);

  /** Keeps events, and drops the oldest beyond the bound. */
  CompletionStage<Void> keep(List<SystemEvent> events, int bound);

  /** Events that are kept, newest first; at most {@link #MOST_AT_ONCE}. */
  CompletionStage<List<EventsPage.Kept>> events(EventsQuery query);

  /** Finishes what was asked for, and frees everything. Blocks. */
  @Override
  void close();
}
