package io.wasmrunner.wasi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A running module: one platform thread, one selector, one memory. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class Guest {
  private Guest() {}

  /**
   * Reserves the initial memory, starts the guest's thread, and returns at once.
   *
   * @throws ModuleException when it cannot start: memory limit or budget below the initial memory
   */
  public static Guest start(Module module, GuestConfig config) {
    throw new UnsupportedOperationException(module.digest() + config.name());
  }

  /** Completes once, never exceptionally, when the guest has ended and all it held is closed. */
  public CompletionStage<GuestExit> exit() {
    throw new UnsupportedOperationException();
  }

  /** Ends the guest soon (well under a second), whatever it does. Idempotent. */
  public void stop() {
    throw new UnsupportedOperationException();
  }

  /** Bytes of linear memory in use; 0 after the end. */
  public long memoryBytes() {
    throw new UnsupportedOperationException();
  }

  /** Hard limit of linear memory. */
  public long memoryLimitBytes() {
    throw new UnsupportedOperationException();
  }

  /** Growths of memory that were refused. */
  public long memoryRefusals() {
    throw new UnsupportedOperationException();
  }

  /** Processor time of the guest so far; kept after the end. */
  public Duration cpuTime() {
    throw new UnsupportedOperationException();
  }

  /** Open descriptors, standard streams included. */
  public int openDescriptors() {
    throw new UnsupportedOperationException();
  }

  /** Time since the guest last called or waited in the host; zero while it is in such a call. */
  public Duration sinceLastHostCall() {
    throw new UnsupportedOperationException();
  }

  /** How the guest's functions are executed. */
  public CodeState codeState() {
    throw new UnsupportedOperationException();
  }

  /** The guest's thread. */
  public Thread thread() {
    throw new UnsupportedOperationException();
  }
}
