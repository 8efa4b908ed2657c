package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A runner that ended before it began, with its cause. */
final class FailedStart implements RunnerHandle {
  private final RunnerExit exit;

  FailedStart(RunnerExit exit) {
    this.exit = exit;
  }

  @Override
  public CompletionStage<RunnerExit> exit() {
    return CompletableFuture.completedStage(exit);
  }

  @Override
  public void stop() {
    // It runs no more.
  }

  @Override
  public RunnerUsage usage() {
    return new RunnerUsage(0, 0, 0, Duration.ZERO, Duration.ZERO, "");
  }
}
