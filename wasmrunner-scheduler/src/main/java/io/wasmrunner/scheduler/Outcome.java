package io.wasmrunner.scheduler;

/** How a request to a service ended. */
sealed interface Outcome {
  /** The service answered with this status. */
  record Answered(int status) implements Outcome {}

  /** The service never saw the request: no runner was available. */
  record NotReached(String reason) implements Outcome {}

  /** No answer, though the service may have seen the request. */
  record NoAnswer(String reason) implements Outcome {}
}
