package io.wasmrunner.dashboard;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.PastGeneration;
import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A runner, as the management API shows it. */
record RunnerResource(
    int index,
    String url,
    int port,
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
    Duration throttled,
    String code,
    int openDescriptors,
    int descriptorLimit,
    long descriptorRefusals,
    long droppedLines,
    String lastCall,
    Map<String, CallCount> calls,
    Optional<ProbeStatus> lastProbe,
    Optional<ExitResource> lastExit,
    List<PastResource> past,
    int draining) {

  /** How an earlier generation ended. */
  record ExitResource(Instant at, String cause, String detail, List<String> backtrace) {
    static ExitResource of(RunnerExit exit) {
      return new ExitResource(exit.at(), exit.cause().key(), exit.detail(), exit.backtrace());
    }
  }

  /** A generation that is over, with its last lines of output. */
  record PastResource(long generation, ExitResource exit, List<String> output) {
    static PastResource of(PastGeneration past) {
      return new PastResource(past.generation(), ExitResource.of(past.exit()), past.output());
    }
  }

  static RunnerResource of(RunnerStatus runner) {
    RunnerActivity activity = runner.activity();
    return new RunnerResource(
        runner.id().index(),
        runner.address().baseUrl(),
        runner.address().port(),
        runner.state(),
        runner.since(),
        runner.generation(),
        runner.restarts(),
        runner.startedAt(),
        runner.nextStartAt(),
        runner.memoryBytes(),
        runner.memoryLimitBytes(),
        runner.memoryRefusals(),
        runner.cpu(),
        activity.throttled(),
        runner.code(),
        activity.openDescriptors(),
        activity.descriptorLimit(),
        activity.descriptorRefusals(),
        runner.droppedLines(),
        activity.lastCall(),
        activity.calls(),
        runner.lastProbe(),
        runner.lastExit().map(ExitResource::of),
        runner.past().stream().map(PastResource::of).toList(),
        runner.draining());
  }
}
