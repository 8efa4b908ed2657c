package io.wasmrunner.spi;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What to run.
 *
 * @param id which runner
 * @param module the WebAssembly file
 * @param address where the guest is to listen; it learns the port from {@code WR_RUNNER_PORT}
 * @param environment the guest's environment, whole; may hold secrets
 * @param memoryLimitBytes hard limit of its linear memory
 * @param capabilities what it may reach beside its own port and {@code RUNNER_BASE_URL}; absent:
 *     unrestricted
 * @param limits what else it may use; a launcher keeps those that it can
 */
public record RunnerSpec(
    RunnerId id,
    Path module,
    RunnerAddress address,
    Map<String, String> environment,
    long memoryLimitBytes,
    Optional<Capabilities> capabilities,
    RunnerLimits limits) {
  /** Copies the map. */
  public RunnerSpec {
    environment = Map.copyOf(environment);
  }

  /** Without values of the environment. */
  @Override
  public String toString() {
    return "RunnerSpec[" + id + " at " + address + "]";
  }
}
