package io.wasmrunner.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A runner at one moment.
 *
 * @param id which runner
 * @param address where it listens
 * @param state where it stands
 * @param since when it entered that state
 * @param generation 1 for the first start of this runner, growing with each
 * @param restarts starts after an end that nobody had asked for
 * @param startedAt last start, if it runs
 * @param nextStartAt planned start while in BACKOFF or CRASH_LOOP
 * @param memoryBytes linear memory in use; 0 when it does not run
 * @param memoryLimitBytes limit of the linear memory
 * @param memoryRefusals growths of memory that this generation was refused
 * @param cpu CPU time of this generation
 * @param code how its code runs now: {@code compiled}, {@code interpreted}, {@code compiling},
 *     {@code native}
 * @param activity what this generation does with the host
 * @param droppedLines lines of output of this generation that were too many to be logged
 * @param lastProbe last probe of this generation
 * @param lastExit how an earlier generation ended
 * @param past earlier generations, newest first; a few
 * @param draining earlier generations that still end their requests
 */
public record RunnerStatus(
    RunnerId id,
    RunnerAddress address,
    RunnerState state,
    Instant since,
    long generation,
    long restarts,
    Optional<Instant> startedAt,
    Optional<Instant> nextStartAt,
    long memoryBytes,
    long memoryLimitBytes,
    long memoryRefusals,
    Duration cpu,
    String code,
    RunnerActivity activity,
    long droppedLines,
    Optional<ProbeStatus> lastProbe,
    Optional<RunnerExit> lastExit,
    List<PastGeneration> past,
    int draining) {
  /** Copies the list. */
  public RunnerStatus {
    past = List.copyOf(past);
  }

  /** Without a past. */
  public RunnerStatus(
      RunnerId id,
      RunnerAddress address,
      RunnerState state,
      Instant since,
      long generation,
      long restarts,
      Optional<Instant> startedAt,
      Optional<Instant> nextStartAt,
      long memoryBytes,
      long memoryLimitBytes,
      long memoryRefusals,
      Duration cpu,
      String code,
      RunnerActivity activity,
      long droppedLines,
      Optional<ProbeStatus> lastProbe,
      Optional<RunnerExit> lastExit) {
    this(
        id,
        address,
        state,
        since,
        generation,
        restarts,
        startedAt,
        nextStartAt,
        memoryBytes,
        memoryLimitBytes,
        memoryRefusals,
        cpu,
        code,
        activity,
        droppedLines,
        lastProbe,
        lastExit,
        List.of(),
        0);
  }
}
