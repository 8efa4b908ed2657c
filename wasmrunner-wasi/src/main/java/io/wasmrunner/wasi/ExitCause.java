package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;

/** Tells why a guest ended from how its start function came back. */
final class ExitCause {
  /** A guest that copes with a refused growth makes more calls than one that dies of it. */
  private static final long CALLS_AFTER_REFUSAL = 256;

  private static final long NANOS_AFTER_REFUSAL = 30_000_000_000L;

  private final GuestConfig config;
  private final FunctionNames names;

  ExitCause(GuestConfig config, FunctionNames names) {
    this.config = config;
    this.names = names;
  }

  /**
   * The cause.
   *
   * @param thrown what ended the start function, if anything
   * @param memory the last refused growth of memory, if any
   * @param descriptor the last refused descriptor, if any
   * @param calls host calls of the guest
   */
  GuestExit of(
      @Nullable Throwable thrown,
      Optional<Refusal> memory,
      Optional<Refusal> descriptor,
      long calls) {
    GuestExit exit = thrown == null ? new GuestExit.Exited(0) : of(thrown);
    boolean died =
        exit instanceof GuestExit.Trapped
            || (exit instanceof GuestExit.Exited exited && exited.code() != 0);
    if (!died) {
      return exit;
    }
    String then = "; then it " + exit.describe();
    Optional<GuestExit> outOfMemory =
        memory
            .filter(last -> recent(last, calls))
            .map(last -> new GuestExit.MemoryLimit(last.what() + then, config.memoryLimitBytes()));
    return outOfMemory
        .or(
            () ->
                descriptor
                    .filter(last -> recent(last, calls))
                    .map(
                        last ->
                            new GuestExit.DescriptorLimit(
                                last.what() + then, config.maxDescriptors(), exit)))
        .orElse(exit);
  }

  private static boolean recent(Refusal refusal, long calls) {
    return calls - refusal.atCall() <= CALLS_AFTER_REFUSAL
        && System.nanoTime() - refusal.atNanos() <= NANOS_AFTER_REFUSAL;
  }

  private GuestExit of(Throwable thrown) {
    if (thrown instanceof ProcExitException exit) {
      return new GuestExit.Exited(exit.code());
    }
    if (thrown instanceof GuestStoppedException || thrown instanceof WasmInterruptedException) {
      return new GuestExit.Stopped();
    }
    if (thrown instanceof StackOverflowError) {
      return new GuestExit.StackOverflow(config.stackBytes(), Backtrace.of(thrown, names));
    }
    if (thrown instanceof WasmEngineException
        && thrown.getCause() instanceof StackOverflowError overflow) {
      List<String> compiled = Backtrace.of(overflow, names);
      return new GuestExit.StackOverflow(
          config.stackBytes(), compiled.isEmpty() ? Backtrace.of(thrown, names) : compiled);
    }
    if (thrown instanceof OutOfMemoryError || thrown.getCause() instanceof OutOfMemoryError) {
      return new GuestExit.MemoryLimit(
          "it needed more of the JVM's memory than is left (-Xmx)", config.memoryLimitBytes());
    }
    if (thrown instanceof HostFaultException
        || thrown instanceof IOException
        || thrown instanceof Error) {
      return new GuestExit.Failed(String.valueOf(thrown.getMessage()), thrown);
    }
    return new GuestExit.Trapped(String.valueOf(thrown.getMessage()), Backtrace.of(thrown, names));
  }
}
