package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.wasmrunner.model.ScheduleDefinition;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ScheduleStatus.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One schedule: its plan, its state and the run under way. Belongs to one context. */
final class Schedule {
  private final Function<ScheduleState, Future<Void>> save;
  private ScheduleDefinition definition;
  private ScheduleState state;
  private Future<Void> saved = Future.succeededFuture();
  private @Nullable Future<RunResult> run;

  /**
   * A schedule.
   *
   * @param save writes the state to the store; writes happen in the order of the calls
   */
  Schedule(
      ScheduleDefinition definition,
      ScheduleState state,
      Function<ScheduleState, Future<Void>> save) {
    this.definition = definition;
    this.state = state;
    this.save = save;
  }

  ScheduleState state() {
    return state;
  }

  Duration interval() {
    return definition.interval();
  }

  ScheduleStatus status() {
    return new ScheduleStatus(
        state.service(),
        state.index(),
        state.path(),
        definition.interval(),
        state.paused(),
        state.nextRunAt(),
        state.lastRun(),
        run != null);
  }

  /** Whether it should run now. */
  boolean due(Instant now) {
    return run == null
        && !state.paused()
        && state.nextRunAt().filter(next -> !next.isAfter(now)).isPresent();
  }

  /** The run under way. */
  Optional<Future<RunResult>> run() {
    return Optional.ofNullable(run);
  }

  /** Takes over what the service says now; whether that is something else. */
  boolean define(ScheduleDefinition newDefinition) {
    boolean changed = !definition.equals(newDefinition);
    definition = newDefinition;
    return changed;
  }

  /**
   * Makes sure that there is a plan no further away than one interval: at first sight, after the
   * interval became shorter, and after the clock was set back.
   *
   * @return whether that changed anything
   */
  boolean plan(Instant now) {
    Instant latest = now.plus(interval());
    if (state.paused() || state.nextRunAt().filter(next -> !next.isAfter(latest)).isPresent()) {
      return false;
    }
    state = state.plannedAt(latest);
    write();
    return true;
  }

  /** No runs until a resume. Completes once that is on disk, as all commands do. */
  Future<Void> pause() {
    return command(old -> old.paused() ? old : old.pausedNow());
  }

  /** Runs again, one interval from now. */
  Future<Void> resume(Instant now) {
    return command(old -> old.paused() ? old.plannedAt(now.plus(interval())) : old);
  }

  /** Pauses or resumes, whichever changes something. */
  Future<Void> toggle(Instant now) {
    return state.paused() ? resume(now) : pause();
  }

  /** Marks a run as under way. */
  void started(Future<RunResult> underWay) {
    run = underWay;
  }

  /** A run that was not finished is made again after the next start. */
  void cutOff() {
    run = null;
  }

  /**
   * Keeps the result. The plan stays on its grid; what was missed meanwhile is not made up for.
   * Without the write the run is made again after the next start.
   */
  Future<Void> ended(RunResult result, Instant now) {
    run = null;
    state = planOn(state.ran(result), now);
    return write();
  }

  private ScheduleState planOn(ScheduleState old, Instant now) {
    if (old.nextRunAt().filter(next -> !next.isAfter(now)).isEmpty()) {
      return old;
    }
    Instant planned = old.nextRunAt().get();
    long interval = interval().toMillis();
    long late = Duration.between(planned, now).toMillis();
    return old.plannedAt(planned.plusMillis((late / interval + 1) * interval));
  }

  private Future<Void> command(UnaryOperator<ScheduleState> how) {
    ScheduleState old = state;
    ScheduleState next = how.apply(old);
    if (next.equals(old)) {
      return saved;
    }
    state = next;
    return write().onFailure(failure -> takeBack(old, next));
  }

  private void takeBack(ScheduleState old, ScheduleState failed) {
    if (state.paused() == failed.paused()) {
      state =
          new ScheduleState(
              old.service(),
              old.index(),
              old.path(),
              old.paused(),
              old.nextRunAt(),
              state.lastRun());
    }
  }

  private Future<Void> write() {
    saved = save.apply(state);
    return saved;
  }
}
