package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.WasmrunnerException;
import java.time.Clock;

/** Classifies exits of runners by what wasmrunner knows beside the exit itself. */
final class ExitCauses {
  private ExitCauses() {}

  /**
   * What an exit is, given how the generation was being ended.
   *
   * @param seen as its launcher saw it
   * @param hung how it hung, if it did
   */
  static RunnerExit ofEnding(RunnerExit seen, RunnerSite site, Generation generation, String hung) {
    return switch (generation.ending()) {
      case HUNG -> new RunnerExit(seen.at(), ExitCause.HUNG, hung + ", and failed probes");
      case START_TIMEOUT ->
          new RunnerExit(
              seen.at(), ExitCause.START_TIMEOUT, StartTimeout.describe(site, generation));
      case REPLACED ->
          seen.cause() == ExitCause.STOPPED
              ? new RunnerExit(seen.at(), seen.cause(), "replaced by the next generation")
              : seen;
      case NONE, STOPPED -> seen;
    };
  }

  /** What kept a runner from being started. */
  static RunnerExit ofFailedStart(Throwable failure, Clock clock) {
    if (failure instanceof WasmrunnerException known) {
      return new RunnerExit(clock.instant(), ofCode(known.code()), known.explain());
    }
    return new RunnerExit(clock.instant(), ExitCause.ENGINE_FAILURE, failure.toString());
  }

  private static ExitCause ofCode(String code) {
    return switch (code) {
      case PortCheck.IN_USE -> ExitCause.PORT_IN_USE;
      case "WR-6006" -> ExitCause.MISSING_IMPORT;
      // The engine's codes: the file is missing, no module, or none that can run.
      case "WR-6001", "WR-6002", "WR-6003", "WR-6004", "WR-6005", "WR-6007", "WR-6012" ->
          ExitCause.INVALID_MODULE;
      case EmbeddedLauncher.CHANGED -> ExitCause.INVALID_MODULE;
      default -> ExitCause.ENGINE_FAILURE;
    };
  }
}
