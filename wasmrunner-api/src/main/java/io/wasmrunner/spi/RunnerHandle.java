package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerExit;
import java.util.concurrent.CompletionStage;

/** A started runner. Thread-safe. */
public interface RunnerHandle {
  /** Completes once, when the runner has ended and its port is free; never exceptionally. */
  CompletionStage<RunnerExit> exit();

  /** Ends the runner, whatever it is doing; {@link #exit()} says when it has. Idempotent. */
  void stop();

  /** What it uses now. */
  RunnerUsage usage();
}
