package io.wasmrunner.dashboard;

import io.wasmrunner.model.ScheduleStatus;
import org.jspecify.annotations.Nullable;

/** A schedule, ready to be shown. */
record ScheduleView(
    String anchor,
    String action,
    String path,
    String interval,
    boolean paused,
    boolean running,
    @Nullable When next,
    @Nullable Last last) {

  /** The last run. */
  record Last(String result, String css, When at, String duration) {}

  static ScheduleView of(ScheduleStatus schedule, Figures figures) {
    return new ScheduleView(
        "schedule-" + Paths.encode(schedule.service()) + "-" + schedule.index(),
        Paths.UI + "/schedules/" + Paths.encode(schedule.service()) + "/" + schedule.index(),
        schedule.path(),
        figures.duration(schedule.interval()),
        schedule.paused(),
        schedule.running(),
        schedule.nextRunAt().map(figures::due).orElse(null),
        schedule
            .lastRun()
            .map(
                run ->
                    new Last(
                        figures.runResult(run),
                        (run.succeeded() ? Tone.OK : Tone.BAD).css(),
                        figures.when(run.startedAt()),
                        figures.duration(run.duration())))
            .orElse(null));
  }
}
