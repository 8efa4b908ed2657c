package io.wasmrunner.wasi;

import java.nio.file.Path;

/**
 * Opens modules; one per process. Owns the compile threads and the compiled-code cache.
 * Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Engine implements AutoCloseable {
  private Engine() {}

  /** Makes an engine; the cache folder is made when it is first needed. */
  public static Engine create(EngineOptions options) {
    throw new UnsupportedOperationException(options.toString());
  }

  /**
   * Parses and checks a module and has it compiled in the background. The same content gives the
   * same instance as long as someone holds it.
   *
   * @throws ModuleException when the file cannot be read or is no module that this engine can run
   */
  public Module load(Path file) {
    throw new UnsupportedOperationException(file.toString());
  }

  /** Ends the background threads. Guests that run are not touched. */
  @Override
  public void close() {}
}
