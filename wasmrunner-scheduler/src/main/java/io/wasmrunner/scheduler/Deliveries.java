package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.wasmrunner.model.ServiceDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends what is due, and writes down how it ended. Belongs to one context. */
final class Deliveries {
  private static final Duration STORE_PAUSE = Duration.ofSeconds(2);
  private static final int GONE = 410;

  private final Context context;
  private final Store store;
  private final StoreAlarm storeAlarm;
  private final InnerClient client;
  private final Alarms alarms;
  private final ChangeFeed feed;
  private final ServiceDirectory services;
  private final SchedulerOptions options;
  private List<Lane> lanes = List.of();
  private int turn;
  private int permits;
  private boolean stopping;

  Deliveries(
      Context context,
      Store store,
      StoreAlarm storeAlarm,
      InnerClient client,
      Alarms alarms,
      ChangeFeed feed,
      ServiceDirectory services,
      SchedulerOptions options) {
    this.context = context;
    this.store = store;
    this.storeAlarm = storeAlarm;
    this.client = client;
    this.alarms = alarms;
    this.feed = feed;
    this.services = services;
    this.options = options;
    this.permits = options.limits().deliveryConcurrency();
  }

  /** How long to wait for an answer of this service. */
  static Duration timeout(SchedulerOptions options, ServiceDefinition service) {
    Duration own = service.traffic().timeouts().firstByte();
    return own.compareTo(options.deliveryTimeout()) > 0 ? own : options.deliveryTimeout();
  }

  /** The subscriptions to serve from now on. */
  void lanes(List<Lane> now) {
    lanes = List.copyOf(now);
    turn = 0;
  }

  /** Deliveries under way, from the claim until the end is written down. */
  int underWay() {
    return options.limits().deliveryConcurrency() - permits;
  }

  /** Sends nothing more. */
  void stop() {
    stopping = true;
  }

  /** Sends what is due, as far as the bounds allow; the subscriptions take turns. */
  void pump() {
    Instant now = options.clock().instant();
    for (int i = 0; i < lanes.size() && permits > 0 && !stopping; i++) {
      Lane lane = lanes.get(turn);
      turn = (turn + 1) % lanes.size();
      int room = Math.min(permits, lane.gate().room(now, options.limits().perSubscriber()));
      if (room > 0 && lane.due(now)) {
        claim(lane, room, now);
      }
    }
  }

  private void claim(Lane lane, int room, Instant now) {
    lane.claiming();
    lane.gate().take(room);
    permits -= room;
    storeAlarm
        .watch(Future.fromCompletionStage(store.claim(lane.subscription(), now, room), context))
        .onSuccess(
            claim -> {
              lane.claimed(claim.nextDue().orElse(Instant.MAX));
              lane.queue().claimed(claim.deliveries().size());
              giveBack(lane, room - claim.deliveries().size());
              claim.deliveries().forEach(delivery -> send(lane, delivery));
            })
        .onFailure(
            failure -> {
              lane.claimed(options.clock().instant().plus(STORE_PAUSE));
              giveBack(lane, room);
            });
  }

  private void giveBack(Lane lane, int room) {
    permits += room;
    lane.gate().take(-room);
  }

  private void send(Lane lane, Claim.Delivery delivery) {
    Subscription.Key key = lane.subscription().key();
    Optional<ServiceDefinition> service = services.definition(key.service());
    Future<Outcome> outcome =
        service.isEmpty() || stopping
            ? Future.succeededFuture(new Outcome.NotReached("the service is not there"))
            : client.send(request(key, delivery, service.get()));
    outcome.onSuccess(
        ended -> {
          Instant now = options.clock().instant();
          if (ended instanceof Outcome.NotReached) {
            lane.gate().notReached(now);
          } else {
            lane.gate().reached();
          }
          settle(lane, delivery, judge(delivery, ended, now));
        });
    feed.changed(lane.queue());
  }

  private InnerClient.Request request(
      Subscription.Key key, Claim.Delivery delivery, ServiceDefinition service) {
    return new InnerClient.Request(
        HttpMethod.POST,
        service.prefix(),
        key.path(),
        Map.of(
            "Content-Type",
            delivery.contentType(),
            "X-Rustrunner-Queue",
            QueueName.forHeader(key.queue()),
            "WR-Message-Id",
            delivery.messageId(),
            "WR-Delivery-Attempt",
            Integer.toString(delivery.attempt())),
        Optional.of(delivery.body()),
        timeout(options, service));
  }

  private Settlement judge(Claim.Delivery delivery, Outcome outcome, Instant now) {
    if (outcome instanceof Outcome.NotReached notReached) {
      return new Settlement.NotAsked(notReached.reason());
    }
    int status = outcome instanceof Outcome.Answered answered ? answered.status() : 0;
    if (status >= 200 && status < 300) {
      return new Settlement.Delivered(status);
    }
    String reason =
        outcome instanceof Outcome.NoAnswer noAnswer
            ? noAnswer.reason()
            : "the service answered HTTP " + status;
    if (status == GONE) {
      return new Settlement.Dead(status, reason + ": it wants no more of this");
    }
    if (delivery.attempt() >= options.retry().maxAttempts()) {
      return new Settlement.Dead(
          status, "%s, after %d attempts".formatted(reason, delivery.attempt()));
    }
    Duration pause = options.retry().pauseAfter(delivery.attempt(), options.random());
    return new Settlement.Retry(status, reason, now.plus(pause));
  }

  /** Writes down the end of an attempt; until that is possible its place stays taken. */
  private void settle(Lane lane, Claim.Delivery delivery, Settlement settlement) {
    storeAlarm
        .watch(
            Future.fromCompletionStage(
                store.settle(delivery.id(), settlement, options.clock().instant()), context))
        .onSuccess(written -> settled(lane, delivery, settlement))
        .onFailure(
            failure ->
                alarms
                    .at(options.clock().instant().plus(STORE_PAUSE))
                    .onSuccess(woken -> settle(lane, delivery, settlement))
                    .onFailure(stopped -> giveBack(lane, 1)));
  }

  private void settled(Lane lane, Claim.Delivery delivery, Settlement settlement) {
    giveBack(lane, 1);
    lane.queue().settled(settlement);
    if (settlement instanceof Settlement.Retry retry) {
      lane.wake(retry.at());
    } else if (settlement instanceof Settlement.NotAsked) {
      lane.wake(delivery.dueAt());
    } else if (settlement instanceof Settlement.Dead dead) {
      feed.givenUp(lane.subscription().key(), dead.error());
    }
    feed.changed(lane.queue());
    pump();
  }
}
