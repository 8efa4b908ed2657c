package io.wasmrunner.spi;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.WasmrunnerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Runs the modules of a service. Thread-safe; called on threads that may block. */
public interface Launcher extends AutoCloseable {
  /**
   * Checks that a module could be started here with this limit. Starts, keeps and writes nothing.
   * Default: no check.
   *
   * @throws WasmrunnerException when it could not
   */
  default void check(Path module, long memoryLimitBytes) {}

  /**
   * Checks a module and does what is done once for all its runners.
   *
   * <p>Runners that were started before the end and report {@code interpreted} or {@code compiling}
   * code are replaced one after another once it is reached.
   *
   * @return completes when a start would be quick and its code the best there is; a start before
   *     that is allowed and may be slower; completes exceptionally when it will never be better
   * @throws WasmrunnerException when the module cannot run here: missing file, no valid module,
   *     imports that nobody provides
   */
  CompletionStage<Void> prepare(Path module);

  /**
   * Names the content of a module that {@link #prepare} has read, whatever its file holds by now.
   *
   * @return {@code sha256:} and the hexadecimal digest of the whole file; default: empty, for
   *     launchers that leave reading to somebody else
   */
  default Optional<String> digest(Path module) {
    return Optional.empty();
  }

  /**
   * What about a module costs speed: a few things that its author can do something about. Asked
   * once, after the stage of {@link #prepare} has completed; quick. Default: nothing.
   */
  default List<ModuleHint> hints(Path module) {
    return List.of();
  }

  /**
   * Starts a runner and returns at once.
   *
   * @throws WasmrunnerException when it cannot be started
   */
  RunnerHandle start(RunnerSpec spec, RunnerOutput output);

  /**
   * Whether {@link #startBeside} works, so that a runner can be replaced while it serves. Default:
   * no.
   */
  default boolean startsBeside() {
    return false;
  }

  /**
   * Starts a runner while another one still listens at the address of the specification. Until
   * {@link RunnerHandle#takeOver} it is reached at {@link RunnerHandle#innerAddress} only, without
   * noticing. Called only when {@link #startsBeside}.
   *
   * @throws WasmrunnerException when it cannot be started
   */
  default RunnerHandle startBeside(RunnerSpec spec, RunnerOutput output) {
    throw new UnsupportedOperationException("this launcher replaces runners in place");
  }

  /** Stops what still runs and frees what it holds. */
  @Override
  default void close() {}
}
