package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import java.nio.file.Path;
import java.util.Map;

/**
 * What to run.
 *
 * @param id which runner
 * @param module the WebAssembly file
 * @param address where the guest is to listen; it learns the port from {@code WR_RUNNER_PORT}
 * @param environment the guest's environment, whole
 * @param memoryLimitBytes hard limit of its linear memory
 * @param limits what else it may use; a launcher keeps those that it can
 */
public record RunnerSpec(
    RunnerId id,
    Path module,
    RunnerAddress address,
    Map<String, String> environment,
    long memoryLimitBytes,
    RunnerLimits limits) {
  /** Copies the map. */
  public RunnerSpec {
    environment = Map.copyOf(environment);
  }
}
