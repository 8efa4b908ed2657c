package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.bus.QueuesQuery;
import io.wasmrunner.bus.QueuesSnapshot;
import io.wasmrunner.bus.ScheduleReply;
import io.wasmrunner.bus.SchedulesQuery;
import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.bus.ServicesQuery;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.eventbus.Bus;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the live model and the event history fresh, and drives the live events.
 *
 * <p>It subscribes, then asks for snapshots, and goes on asking every few seconds: the bus loses
 * messages, the page must not stay wrong.
 */
final class DashboardVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardVerticle.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);
  private static final Duration RESYNC = Duration.ofSeconds(5);
  private static final Duration BROADCAST = Duration.ofMillis(200);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final LiveModel model;
  private final UsageHistory usage;
  private final EventHistory history;
  private final LiveEvents live;
  private final Clock clock;
  private boolean stopped;

  DashboardVerticle(
      LiveModel model, UsageHistory usage, EventHistory history, LiveEvents live, Clock clock) {
    this.model = model;
    this.usage = usage;
    this.history = history;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    Bus bus = Bus.of(vertx);
    bus.subscribe(BusAddress.SERVICES_CHANGED, ServicesSnapshot.class, model::replaceServices);
    bus.subscribe(BusAddress.SCHEDULES_REPLACED, SchedulesSnapshot.class, model::replaceSchedules);
    bus.subscribe(
        BusAddress.SCHEDULES_CHANGED,
        ScheduleReply.class,
        one -> model.putSchedule(one.schedule()));
    bus.subscribe(
        BusAddress.QUEUES_CHANGED, QueuesSnapshot.class, some -> model.putQueues(some.queues()));
    bus.subscribe(BusAddress.EVENT_OCCURRED, EventOccurred.class, one -> history.add(one.event()));
    keepAsking(
        BusAddress.SERVICES_LIST,
        new ServicesQuery(),
        ServicesSnapshot.class,
        model::replaceServices);
    keepAsking(
        BusAddress.SCHEDULES_LIST,
        new SchedulesQuery(),
        SchedulesSnapshot.class,
        model::replaceSchedules);
    keepAsking(
        BusAddress.QUEUES_LIST,
        new QueuesQuery(),
        QueuesSnapshot.class,
        all -> model.replaceQueues(all.queues()));
    vertx.setPeriodic(BROADCAST.toMillis(), timer -> live.broadcastChanges());
    vertx.setPeriodic(
        UsageHistory.INTERVAL.toMillis(),
        timer -> model.services().ifPresent(all -> usage.sample(all, clock.instant())));
    vertx.setPeriodic(HEARTBEAT.toMillis(), timer -> live.heartbeat());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    live.stream().close();
    return Future.succeededFuture();
  }

  private <T extends BusMessage> void keepAsking(
      String address, BusMessage question, Class<T> type, Consumer<T> taker) {
    Bus.of(vertx)
        .request(address, question, type)
        .onComplete(
            answer -> {
              if (stopped) {
                return;
              }
              Duration pause = answer.succeeded() ? RESYNC : ASK_AGAIN;
              vertx.setTimer(pause.toMillis(), timer -> keepAsking(address, question, type, taker));
              if (answer.succeeded()) {
                taker.accept(answer.result());
              } else {
                LOG.debug("{} does not answer yet", address, answer.cause());
              }
            });
  }
}
