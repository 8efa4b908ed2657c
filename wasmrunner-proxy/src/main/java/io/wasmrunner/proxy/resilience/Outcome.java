package io.wasmrunner.proxy.resilience;

/** How an attempt ended at a runner. */
public enum Outcome {
  /** An answer below 500. */
  OK,
  /** An answer of 500 or more. */
  STATUS,
  /** No connection. */
  CONNECT,
  /** The connection was lost before the answer. */
  RESET,
  /** The answer did not begin in time. */
  TIMEOUT,
  /** The answer was no HTTP. */
  INVALID;

  /** Whether it speaks against the runner. */
  public boolean failed() {
    return this != OK;
  }
}
