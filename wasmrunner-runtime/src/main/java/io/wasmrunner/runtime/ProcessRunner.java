package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerSpec;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** A runner that is a foreign program: what is known of it is what the system tells. */
final class ProcessRunner implements RunnerHandle {
  private final ChildProcess process;
  private final RunnerSpec spec;
  private final MemoryRefusals refusals;
  private final String code;
  private final Clock clock;
  private final CompletionStage<RunnerExit> exit;
  private volatile OptionalInt exitCode = OptionalInt.empty();

  /**
   * Follows a process.
   *
   * @param refusals what its engine says about memory that it refused
   * @param code how its code runs
   */
  ProcessRunner(
      ChildProcess process, RunnerSpec spec, MemoryRefusals refusals, String code, Clock clock) {
    this.process = process;
    this.spec = spec;
    this.refusals = refusals;
    this.code = code;
    this.clock = clock;
    this.exit = process.exit().thenApply(this::classify);
  }

  @Override
  public CompletionStage<RunnerExit> exit() {
    return exit;
  }

  @Override
  public OptionalInt exitCode() {
    return exitCode;
  }

  @Override
  public void stop() {
    process.stop();
  }

  @Override
  public RunnerUsage usage() {
    ChildProcess.Usage seen = process.usage();
    return new RunnerUsage(
        seen.residentBytes(),
        spec.memoryLimitBytes(),
        refusals.count(),
        seen.cpu(),
        seen.still(),
        code);
  }

  private RunnerExit classify(int status) {
    RunnerExit end = ProcessExits.of(status, process.stopping(), clock);
    boolean failed = end.cause() == ExitCause.EXIT_CODE || end.cause() == ExitCause.TRAP;
    if (end.cause() == ExitCause.EXIT_CODE || end.cause() == ExitCause.COMPLETED) {
      exitCode = OptionalInt.of(status);
    }
    if (failed && refusals.justNow()) {
      return new RunnerExit(
          end.at(), ExitCause.MEMORY_LIMIT, "ran out of memory, then " + end.detail());
    }
    return failed ? portInUse(spec.address(), end) : end;
  }

  /** All that was ours has ended, so whoever has the port now is why it could not listen. */
  private static RunnerExit portInUse(RunnerAddress address, RunnerExit end) {
    try {
      PortCheck.requireFree(address);
      return end;
    } catch (WasmrunnerException taken) {
      return new RunnerExit(
          end.at(), ExitCause.PORT_IN_USE, end.detail() + ", and " + taken.getMessage());
    }
  }
}
