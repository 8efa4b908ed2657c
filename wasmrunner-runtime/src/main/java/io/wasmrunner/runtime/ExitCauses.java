package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.WasmrunnerException;
import java.time.Clock;
import java.util.Map;

/** Classifies runners that could not be started. */
final class ExitCauses {
  private static final Map<String, ExitCause> BY_CODE =
      Map.of(PortCheck.IN_USE, ExitCause.PORT_IN_USE);

  private ExitCauses() {}

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
