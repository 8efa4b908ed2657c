package io.wasmrunner.scheduler;

import io.wasmrunner.model.ScheduleStatus.RunResult;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a schedule.
 *
 * @param service service it belongs to
 * @param index position in its service.json
 * @param path path it calls; another path makes another schedule
 * @param paused whether it waits for a resume
 * @param nextRunAt next planned run; absent while paused
 * @param lastRun last finished run
 */
record ScheduleState(
    String service,
    int index,
    String path,
    boolean paused,
    Optional<Instant> nextRunAt,
    Optional<RunResult> lastRun) {
  /** A schedule that was never seen before. */
  static ScheduleState fresh(String service, int index, String path) {
    return new ScheduleState(service, index, path, false, Optional.empty(), Optional.empty());
  }

  ScheduleState pausedNow() {
    return new ScheduleState(service, index, path, true, Optional.empty(), lastRun);
  }

  ScheduleState plannedAt(Instant next) {
    return new ScheduleState(service, index, path, false, Optional.of(next), lastRun);
  }

  ScheduleState ran(RunResult result) {
    return new ScheduleState(service, index, path, paused, nextRunAt, Optional.of(result));
  }
}
