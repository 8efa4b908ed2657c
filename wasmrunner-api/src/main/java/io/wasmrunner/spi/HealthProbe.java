package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks a runner whether it is well. Thread-safe: all runners of a service are probed at once. */
public interface HealthProbe extends AutoCloseable {
  /**
   * Probes a runner. Does not block.
   *
   * @param target where the runner listens
   * @param timeout time left; a later answer is ignored
   * @return the result; an exception counts as a failed probe
   */
  CompletionStage<ProbeResult> probe(RunnerAddress target, Duration timeout);

  /** Frees what it holds. */
  @Override
  default void close() {}
}
