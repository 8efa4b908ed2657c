package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerExit;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** A started runner. Thread-safe. */
public interface RunnerHandle {
  /**
   * Completes once, when the runner has ended and its port is free (or handed over); never
   * exceptionally.
   */
  CompletionStage<RunnerExit> exit();

  /** Ends the runner, whatever it is doing; {@link #exit()} says when it has. Idempotent. */
  void stop();

  /**
   * Ends the runner like {@link #stop}, because another start at the same address follows at once.
   *
   * <p>A launcher that can keeps the port open meanwhile, so that connections wait instead of being
   * refused. Default: the same as {@link #stop}.
   */
  default void handOver() {
    stop();
  }

  /** Whether {@link #handOver} keeps the port open. Default: no. */
  default boolean keepsPort() {
    return false;
  }

  /** The code the guest ended with, when it ended by itself. Default: not known. */
  default OptionalInt exitCode() {
    return OptionalInt.empty();
  }

  /** What it uses now. Quick: does not block. */
  RunnerUsage usage();
}
