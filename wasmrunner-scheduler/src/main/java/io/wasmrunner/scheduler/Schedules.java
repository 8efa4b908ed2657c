package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.ScheduleReply;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ScheduleDefinition;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ScheduleStatus.RunResult;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All schedules: follows the services, starts what is due, obeys commands. One context. */
final class Schedules {
  /** No schedule with this service and index. */
  static final String UNKNOWN = "WR-4301";

  /** A stop of wasmrunner cut the run off. */
  static final String CUT_OFF = "WR-4302";

  private final Context context;
  private final Bus bus;
  private final Events events;
  private final Store store;
  private final StoreAlarm storeAlarm;
  private final InnerClient client;
  private final Alarms alarms;
  private final SchedulerOptions options;
  private final Clock clock;
  private final ServiceDirectory services;
  private final Map<Id, ScheduleState> stored = new HashMap<>();

  /** Those of services that are gone or invalid, as they may come back during a run. */
  private final Map<Id, Schedule> dormant = new HashMap<>();

  private final Map<Id, Schedule> schedules = new TreeMap<>();
  private int plannedRuns;
  private int runs;
  private boolean quiet;
  private boolean stopping;

  /** Where a schedule stands. */
  private record Id(String service, int index) implements Comparable<Id> {
    @Override
    public int compareTo(Id other) {
      int byService = service.compareTo(other.service);
      return byService != 0 ? byService : Integer.compare(index, other.index);
    }
  }

  Schedules(
      Context context,
      Bus bus,
      Events events,
      Store store,
      StoreAlarm storeAlarm,
      InnerClient client,
      Alarms alarms,
      SchedulerOptions options,
      ServiceDirectory services) {
    this.context = context;
    this.bus = bus;
    this.events = events;
    this.store = store;
    this.storeAlarm = storeAlarm;
    this.client = client;
    this.alarms = alarms;
    this.options = options;
    this.clock = options.clock();
    this.services = services;
  }

  /** Takes what earlier processes left. */
  void restore(List<ScheduleState> states) {
    states.forEach(state -> stored.put(new Id(state.service(), state.index()), state));
  }

  /**
   * Takes over what the services say now.
   *
   * @return whether schedules came, left or changed
   */
  boolean sync() {
    Map<Id, ScheduleDefinition> defined = new HashMap<>();
    for (String service : services.services().keySet()) {
      services
          .definition(service)
          .ifPresent(
              definition ->
                  definition
                      .schedules()
                      .forEach(each -> defined.put(new Id(service, each.index()), each)));
    }
    boolean left =
        schedules
            .entrySet()
            .removeIf(
                entry -> {
                  ScheduleDefinition definition = defined.get(entry.getKey());
                  boolean gone =
                      definition == null
                          || !definition.path().equals(entry.getValue().state().path());
                  if (gone) {
                    dormant.put(entry.getKey(), entry.getValue());
                  }
                  return gone;
                });
    boolean changed = left;
    for (Map.Entry<Id, ScheduleDefinition> each : defined.entrySet()) {
      changed |= define(each.getKey(), each.getValue());
    }
    return changed;
  }

  /** Starts what is due. */
  void tick(Instant now) {
    schedules.forEach(
        (id, schedule) -> {
          if (schedule.plan(now)) {
            announce(schedule);
          }
          // While a service comes up its overdue run waits, instead of failing for sure.
          if (schedule.due(now)
              && !services.starting(id.service())
              && plannedRuns < options.limits().deliveryConcurrency()) {
            plannedRuns++;
            start(id, schedule).onComplete(ended -> plannedRuns--);
          }
        });
  }

  /** All schedules, by service and index. */
  List<ScheduleStatus> list() {
    return schedules.values().stream().map(Schedule::status).toList();
  }

  /** Runs under way. */
  int underWay() {
    return runs;
  }

  /** Obeys a command. */
  Future<ScheduleReply> control(ScheduleCommand command) {
    Id id = new Id(command.service(), command.index());
    Schedule schedule = schedules.get(id);
    if (schedule == null) {
      return Future.failedFuture(services.known() ? unknown(id) : ServiceDirectory.notKnown());
    }
    Future<?> obeyed =
        switch (command.action()) {
          case PAUSE -> change(schedule, schedule.pause());
          case RESUME -> change(schedule, schedule.resume(clock.instant()));
          case TOGGLE -> change(schedule, schedule.toggle(clock.instant()));
          case RUN ->
              quiet
                  ? Future.failedFuture(StoreException.stopping())
                  : schedule.run().orElseGet(() -> start(id, schedule));
        };
    return obeyed.map(done -> new ScheduleReply(schedule.status()));
  }

  private Future<Void> change(Schedule schedule, Future<Void> saved) {
    announce(schedule);
    return saved.onFailure(failure -> announce(schedule));
  }

  private boolean define(Id id, ScheduleDefinition definition) {
    boolean came = !schedules.containsKey(id);
    Schedule schedule = schedules.computeIfAbsent(id, missing -> find(id, definition));
    boolean redefined = schedule.define(definition);
    boolean planned = schedule.plan(clock.instant());
    return came || redefined || planned;
  }

  private Schedule find(Id id, ScheduleDefinition definition) {
    Schedule sleeping = dormant.remove(id);
    if (sleeping != null && sleeping.state().path().equals(definition.path())) {
      return sleeping;
    }
    ScheduleState old = stored.remove(id);
    ScheduleState state =
        old != null && old.path().equals(definition.path())
            ? old
            : ScheduleState.fresh(id.service(), id.index(), definition.path());
    return new Schedule(definition, state, this::save);
  }

  /** Begins no run any more, not even for those who ask. */
  void quiesce() {
    quiet = true;
  }

  /** What ends from now on was cut off. */
  void stop() {
    stopping = true;
  }

  private Future<RunResult> start(Id id, Schedule schedule) {
    ServiceDefinition service = services.definition(id.service()).orElseThrow();
    Duration timeout = Deliveries.timeout(options, service);
    Promise<RunResult> promise = Promise.promise();
    schedule.started(promise.future());
    runs++;
    announce(schedule);
    new ScheduleRun(
            client, alarms, clock, service, schedule.state().path(), schedule.interval(), timeout)
        .run()
        .compose(
            result -> stopping ? Future.failedFuture(cutOff(id)) : Future.succeededFuture(result))
        .onSuccess(result -> ended(id, schedule, result, promise))
        .onFailure(
            stopped -> {
              runs--;
              schedule.cutOff();
              promise.fail(cutOff(id));
            });
    return promise.future();
  }

  private void ended(Id id, Schedule schedule, RunResult result, Promise<RunResult> promise) {
    runs--;
    boolean failedBefore = schedule.state().lastRun().filter(Schedules::failed).isPresent();
    schedule
        .ended(result, clock.instant())
        .onComplete(
            written -> {
              announce(schedule);
              if (written.succeeded()) {
                promise.complete(result);
              } else {
                promise.fail(written.cause());
              }
            });
    if (failed(result) != failedBefore) {
      tell(id, schedule, result);
    }
  }

  private void tell(Id id, Schedule schedule, RunResult result) {
    String what = "schedule %d (%s) ".formatted(id.index(), schedule.state().path());
    if (failed(result)) {
      String why = result.error().isEmpty() ? "HTTP " + result.httpStatus() : result.error();
      events.tell(Severity.WARNING, "schedule.failed", id.service(), what + "failed: " + why);
    } else {
      events.tell(
          Severity.INFO,
          "schedule.recovered",
          id.service(),
          what + "works again: HTTP " + result.httpStatus());
    }
  }

  private static boolean failed(RunResult result) {
    return result.httpStatus() == 0 || result.httpStatus() >= 400;
  }

  private Future<Void> save(ScheduleState state) {
    Schedule current = schedules.get(new Id(state.service(), state.index()));
    if (current != null && !current.state().path().equals(state.path())) {
      return Future.succeededFuture(); // the end of a run of a schedule that was replaced
    }
    return storeAlarm.watch(Future.fromCompletionStage(store.save(state), context));
  }

  private void announce(Schedule schedule) {
    bus.publish(BusAddress.SCHEDULES_CHANGED, new ScheduleReply(schedule.status()));
  }

  private static RequestFailedException unknown(Id id) {
    return new RequestFailedException(
        Reason.NOT_FOUND,
        UNKNOWN,
        "there is no schedule %s/%d".formatted(id.service(), id.index()),
        "Use a service and the position of one of its schedules in service.json, from 0.");
  }

  private static RequestFailedException cutOff(Id id) {
    return new RequestFailedException(
        Reason.UNAVAILABLE,
        CUT_OFF,
        "wasmrunner stopped during the run of %s/%d".formatted(id.service(), id.index()),
        "It runs again after the next start.");
  }
}
