package io.wasmrunner.wasi;

/**
 * A module cannot be loaded or started. The message begins with a stable code ({@code WR-6nnn}) and
 * says what is wrong and how to fix it; it is complete without a stack trace.
 */
public final class ModuleException extends RuntimeException {
  private final String code;
  private final String problem;
  private final String fix;

  ModuleException(String code, String problem, String fix) {
    this(code, problem, fix, null);
  }

  @SuppressWarnings("NullAway") // RuntimeException accepts a null cause
  ModuleException(
      String code, String problem, String fix, @org.jspecify.annotations.Nullable Throwable cause) {
    super(code + ": " + problem + " " + fix, cause);
    this.code = code;
    this.problem = problem;
    this.fix = fix;
  }

  /** Stable code, {@code WR-6nnn}. */
  public String code() {
    return code;
  }

  /** What is wrong, and where; one or more sentences. */
  public String problem() {
    return problem;
  }

  /** What to do about it. */
  public String fix() {
    return fix;
  }
}
