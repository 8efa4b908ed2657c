package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.WasmrunnerException;
import java.time.Clock;
import java.util.Map;

/** Classifies exits of runners by what wasmrunner knows beside the exit itself. */
final class ExitCauses {
  private static final Map<String, ExitCause> BY_CODE =
      Map.of(
          PortCheck.IN_USE,
          ExitCause.PORT_IN_USE,
          EmbeddedLauncher.CHANGED,
          ExitCause.INVALID_MODULE,
          "WR-6001",
          ExitCause.INVALID_MODULE, // the engine's codes: missing, no module, damaged
          "WR-6002",
          ExitCause.INVALID_MODULE,
          "WR-6003",
          ExitCause.INVALID_MODULE,
          "WR-6004",
          ExitCause.INVALID_MODULE,
          "WR-6005",
          ExitCause.INVALID_MODULE,
          "WR-6006",
          ExitCause.MISSING_IMPORT,
          "WR-6007",
          ExitCause.INVALID_MODULE,
          "WR-6012",
          ExitCause.INVALID_MODULE);

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
      return new RunnerExit(
          clock.instant(),
          BY_CODE.getOrDefault(known.code(), ExitCause.ENGINE_FAILURE),
          known.explain());
    }
    return new RunnerExit(clock.instant(), ExitCause.ENGINE_FAILURE, failure.toString());
  }
}
