package io.wasmrunner.model;

/**
 * A failure with a stable code, for people: what happened, and what to do about it.
 *
 * <p>The code ({@code WR-nnnn}) is listed in docs/errors.md. Messages never hold secrets.
 */
public class WasmrunnerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String advice;

  /**
   * Makes a failure.
   *
   * @param code stable code, {@code WR-nnnn}
   * @param message what happened, with the place, what was expected and what was found
   * @param advice how to fix it
   */
  public WasmrunnerException(String code, String message, String advice) {
    super(message);
    this.code = code;
    this.advice = advice;
  }

  /** As the other constructor, keeping the cause for the log. */
  public WasmrunnerException(String code, String message, String advice, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.advice = advice;
  }

  /** Stable code, {@code WR-nnnn}. */
  public String code() {
    return code;
  }

  /** How to fix it. */
  public String advice() {
    return advice;
  }

  /** Code, message and advice in one line. */
  public String explain() {
    String message = String.valueOf(getMessage());
    String stop = message.endsWith(".") ? "" : ".";
    return code + ": " + message + stop + (advice.isEmpty() ? "" : " Fix: " + advice);
  }
}
