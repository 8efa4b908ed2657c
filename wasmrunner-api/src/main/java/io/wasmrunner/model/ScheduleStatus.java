package io.wasmrunner.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule at one moment.
 *
 * @param service service it belongs to
 * @param index position in its service.json
 * @param path path it calls
 * @param interval time from one run to the next
 * @param paused whether it waits for a resume
 * @param nextRunAt next planned run; absent while paused
 * @param lastRun last finished run
 * @param running whether a run is under way
 */
public record ScheduleStatus(
    String service,
    int index,
    String path,
    Duration interval,
    boolean paused,
    Optional<Instant> nextRunAt,
    Optional<RunResult> lastRun,
    boolean running) {
  /** {@code service/index}. */
  public String id() {
    return service + "/" + index;
  }

  /**
   * A finished run.
   *
   * @param startedAt when it began
   * @param duration how long it took
   * @param httpStatus status of the answer; 0 when there was none
   * @param error why there was no answer; empty when there was one
   * @param attempts requests sent
   */
  public record RunResult(
      Instant startedAt, Duration duration, int httpStatus, String error, int attempts) {
    /** Whether the service answered with 2xx. */
    public boolean succeeded() {
      return httpStatus >= 200 && httpStatus < 300;
    }
  }
}
