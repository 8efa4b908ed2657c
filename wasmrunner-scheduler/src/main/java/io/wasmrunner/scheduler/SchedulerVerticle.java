package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.DeliveriesQuery;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.QueuesQuery;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.SchedulesQuery;
import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.eventbus.Bus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler: schedules and queues over one durable delivery engine, and the history of events.
 *
 * <p>Deploy one instance. The deployment fails with a {@link
 * io.wasmrunner.model.WasmrunnerException} (WR-4001 to WR-4005) when the store cannot be used. It
 * follows the services over the bus, whether the runtime is deployed before or after it, and serves
 * {@link BusAddress#SCHEDULES_LIST}, {@link BusAddress#SCHEDULES_CONTROL}, {@link
 * BusAddress#QUEUES_LIST}, {@link BusAddress#QUEUES_PUBLISH}, {@link BusAddress#DELIVERIES_LIST}
 * and {@link BusAddress#EVENTS_LIST}. Undeploying it does what {@link #quiesce()} does, and closes
 * the store.
 */
public final class SchedulerVerticle extends VerticleBase {
  private static final long TICK_MILLIS = 100;

  private final SchedulerOptions options;
  private final Optional<EventInbox> given;
  private @Nullable Engine engine;

  /** A scheduler with these options, which keeps events from its deployment on. */
  public SchedulerVerticle(SchedulerOptions options) {
    this(options, Optional.empty());
  }

  /** A scheduler with these options, which keeps what the inbox holds, too. */
  public SchedulerVerticle(SchedulerOptions options, EventInbox inbox) {
    this(options, Optional.of(inbox));
  }

  private SchedulerVerticle(SchedulerOptions options, Optional<EventInbox> given) {
    this.options = options;
    this.given = given;
  }

  @Override
  public Future<?> start() {
    EventInbox inbox = given.orElseGet(() -> EventInbox.of(vertx));
    return open(inbox).onFailure(failure -> inbox.close());
  }

  private Future<?> open(EventInbox inbox) {
    return vertx
        .executeBlocking(
            () ->
                SqlStore.open(
                    options.dataFolder(), options.limits().maxStoreBytes(), options.clock()))
        .compose(
            store ->
                Future.fromCompletionStage(
                        store.recover(
                            options.clock().instant().plus(options.retry().longestPause())),
                        context)
                    .map(
                        contents -> {
                          engine = new Engine(store, contents, inbox);
                          return engine;
                        })
                    .recover(
                        failure ->
                            closeLater(store).transform(closed -> Future.failedFuture(failure))));
  }

  /**
   * Begins no run and no delivery any more, and lets those under way end, within {@link
   * SchedulerOptions#stopTimeout()}; what is cut off is sent again after the next start. Events are
   * kept until it is undeployed. Idempotent; any thread.
   */
  public Future<Void> quiesce() {
    Promise<Void> quiet = Promise.promise();
    context.runOnContext(
        here -> {
          Engine started = engine;
          (started == null ? Future.<Void>succeededFuture() : started.quiesce()).onComplete(quiet);
        });
    return quiet.future();
  }

  @Override
  public Future<?> stop() {
    Engine started = engine;
    return started == null ? Future.succeededFuture() : started.stop();
  }

  private Future<Void> closeLater(Store store) {
    return vertx.executeBlocking(
        () -> {
          store.close();
          return null;
        });
  }

  /** The parts, wired. */
  private final class Engine {
    private final Bus bus;
    private final Store store;
    private final InnerClient client;
    private final Alarms alarms = new Alarms();
    private final ChangeFeed feed;
    private final ServiceDirectory services;
    private final Schedules schedules;
    private final Deliveries deliveries;
    private final Queues queues;
    private final Subscriptions subscriptions;
    private final Housekeeping housekeeping;
    private final EventLog eventLog;
    private @Nullable Future<Void> quiet;

    Engine(Store store, StoreContents contents, EventInbox inbox) {
      bus = Bus.of(vertx);
      Events events = new Events(bus, options.clock());
      StoreAlarm storeAlarm = new StoreAlarm(events);
      this.store = store;
      client =
          new InnerClient(
              vertx,
              options.innerBase(),
              options.innerToken(),
              2 * options.limits().deliveryConcurrency());
      feed = new ChangeFeed(vertx, bus, events);
      services = new ServiceDirectory(vertx, bus, this::servicesChanged);
      schedules =
          new Schedules(context, bus, events, store, storeAlarm, client, alarms, options, services);
      deliveries =
          new Deliveries(context, store, storeAlarm, client, alarms, feed, services, options);
      queues = new Queues(context, store, storeAlarm, feed, deliveries, options);
      subscriptions =
          new Subscriptions(context, store, storeAlarm, queues, services, this::announce);
      housekeeping = new Housekeeping(context, events, store, storeAlarm, queues, options);
      eventLog = new EventLog(context, inbox, events, store, options.clock());
      schedules.restore(contents.schedules());
      queues.restore(contents.queues());
      subscriptions.restore(contents.subscriptions());
      serve();
      services.follow();
      eventLog.begin();
      vertx.setPeriodic(TICK_MILLIS, fired -> tick());
    }

    private void serve() {
      bus.serve(
          BusAddress.SCHEDULES_LIST,
          SchedulesQuery.class,
          query -> Future.succeededFuture(snapshot()));
      bus.serve(
          BusAddress.SCHEDULES_CONTROL,
          ScheduleCommand.class,
          command -> answer(schedules.control(command)));
      bus.serve(
          BusAddress.QUEUES_LIST,
          QueuesQuery.class,
          query -> Future.succeededFuture(queues.snapshot()));
      bus.serve(
          BusAddress.QUEUES_PUBLISH,
          PublishCommand.class,
          command -> answer(queues.publish(command)));
      bus.serve(
          BusAddress.DELIVERIES_LIST, DeliveriesQuery.class, query -> answer(queues.list(query)));
      bus.serve(BusAddress.EVENTS_LIST, EventsQuery.class, query -> answer(eventLog.list(query)));
    }

    private void servicesChanged(ServiceDirectory changed) {
      boolean otherSchedules = schedules.sync();
      subscriptions.sync();
      if (otherSchedules) {
        announce();
      }
      deliveries.pump();
    }

    private void announce() {
      bus.publish(BusAddress.SCHEDULES_REPLACED, snapshot());
    }

    private SchedulesSnapshot snapshot() {
      return new SchedulesSnapshot(queues.ready(), schedules.list());
    }

    private void tick() {
      Instant now = options.clock().instant();
      eventLog.tick(now);
      if (quiet != null) {
        return;
      }
      alarms.tick(now);
      schedules.tick(now);
      if (subscriptions.behind()) {
        subscriptions.sync();
      }
      deliveries.pump();
      housekeeping.tick(now);
    }

    Future<Void> quiesce() {
      if (quiet == null) {
        schedules.quiesce();
        deliveries.stop();
        alarms.cancel();
        quiet =
            idle()
                .eventually(
                    () -> {
                      schedules.stop();
                      return client.close();
                    })
                .eventually(this::settled)
                .andThen(done -> feed.flush());
      }
      return quiet;
    }

    Future<Void> stop() {
      return quiesce().eventually(eventLog::stop).eventually(() -> closeLater(store));
    }

    /** Completes when nothing is under way, or when the time for that is over. */
    private Future<Void> idle() {
      Promise<Void> promise = Promise.promise();
      long limit = System.nanoTime() + options.stopTimeout().toNanos();
      awaitIdle(limit, promise);
      return promise.future();
    }

    /** Gives what was cut off a moment to be written down. */
    private Future<Void> settled() {
      Promise<Void> promise = Promise.promise();
      awaitIdle(System.nanoTime() + 500_000_000L, promise);
      return promise.future();
    }

    private void awaitIdle(long limit, Promise<Void> promise) {
      boolean idle = deliveries.underWay() == 0 && schedules.underWay() == 0;
      if (idle || System.nanoTime() - limit > 0) {
        promise.complete();
      } else {
        vertx.setTimer(10, fired -> awaitIdle(limit, promise));
      }
    }
  }

  private static <T extends BusMessage> Future<T> answer(Future<T> answer) {
    return answer.recover(
        failure ->
            Future.failedFuture(
                failure instanceof StoreException known
                    ? new RequestFailedException(
                        known.code().equals(StoreException.OVERLOADED)
                            ? Reason.FULL
                            : Reason.UNAVAILABLE,
                        known.code(),
                        String.valueOf(known.getMessage()),
                        known.advice())
                    : failure));
  }
}
