package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
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

  /**
   * Where a runner of {@link Launcher#startBeside} can be reached before it has taken over; empty
   * while it does not listen. Default: empty.
   */
  default Optional<RunnerAddress> innerAddress() {
    return Optional.empty();
  }

  /**
   * Goes on listening at its own address instead of the inner one. From the end of this on, new
   * connections reach this runner and no other; connections of the predecessor stay with it. Nobody
   * sees a refused connection. Only for runners of {@link Launcher#startBeside}.
   *
   * @param predecessor the runner of the same launcher that listens there now, if one does
   * @return completes when it is done; exceptionally when it failed, and then the predecessor goes
   *     on as before
   */
  default CompletionStage<Void> takeOver(Optional<RunnerHandle> predecessor) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("this launcher replaces runners in place"));
  }

  /** The code the guest ended with, when it ended by itself. Default: not known. */
  default OptionalInt exitCode() {
    return OptionalInt.empty();
  }

  /** What it uses now. Quick: does not block. */
  RunnerUsage usage();
}
