package io.wasmrunner.bus;

import io.wasmrunner.model.WasmrunnerException;

/** A request over the bus that was answered with a failure. */
public final class RequestFailedException extends WasmrunnerException {
  private static final long serialVersionUID = 1L;

  private final RequestFailed.Reason reason;

  /**
   * Makes a failure for the asker.
   *
   * @param reason what kind of failure
   * @param code stable code, {@code WR-nnnn}
   * @param message what happened
   * @param advice how to fix it
   */
  public RequestFailedException(
      RequestFailed.Reason reason, String code, String message, String advice) {
    super(code, message, advice);
    this.reason = reason;
  }

  /** What kind of failure. */
  public RequestFailed.Reason reason() {
    return reason;
  }
}
