package io.wasmrunner.dashboard;

import io.wasmrunner.model.ScheduleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A schedule, as the management API shows it. */
record ScheduleResource(
    String id,
    String service,
    int index,
    String path,
    Duration interval,
    boolean paused,
    boolean running,
    Optional<Instant> nextRunAt,
    Optional<RunResource> lastRun) {

  /** A finished run. */
  record RunResource(
      Instant startedAt,
      Duration duration,
      boolean succeeded,
      int httpStatus,
      String error,
      int attempts) {}

  /** Schedules by service and index. */
  record Page(List<ScheduleResource> schedules) {}

  static ScheduleResource of(ScheduleStatus status) {
    return new ScheduleResource(
        status.id(),
        status.service(),
        status.index(),
        status.path(),
        status.interval(),
        status.paused(),
        status.running(),
        status.nextRunAt(),
        status
            .lastRun()
            .map(
                run ->
                    new RunResource(
                        run.startedAt(),
                        run.duration(),
                        run.succeeded(),
                        run.httpStatus(),
                        run.error(),
                        run.attempts())));
  }

  static Page list(List<ScheduleStatus> schedules) {
    return new Page(schedules.stream().map(ScheduleResource::of).toList());
  }
}
