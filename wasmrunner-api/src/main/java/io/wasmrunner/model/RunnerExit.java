package io.wasmrunner.model;

import java.time.Instant;
import java.util.List;

/**
 * The end of a runner.
 *
 * @param at when
 * @param cause classified cause
 * @param detail one line for people: trap message, exit code, limit
 * @param backtrace WebAssembly functions that were under way, innermost first; where there are any
 */
public record RunnerExit(Instant at, ExitCause cause, String detail, List<String> backtrace) {
  /** Copies the list. */
  public RunnerExit {
    backtrace = List.copyOf(backtrace);
  }

  /** Without a backtrace. */
  public RunnerExit(Instant at, ExitCause cause, String detail) {
    this(at, cause, detail, List.of());
  }
}
