package io.wasmrunner.bus;

/**
 * Answer to a request that failed; the bus turns it into an exception for the asker.
 *
 * @param code stable code, {@code WR-nnnn}
 * @param message what happened
 * @param advice how to fix it
 * @param reason what kind of failure
 */
public record RequestFailed(String code, String message, String advice, Reason reason)
    implements BusMessage {
  /** What kind of failure, for the HTTP status. */
  public enum Reason {
    /** No such thing: 404. */
    NOT_FOUND,
    /** The request makes no sense: 400. */
    INVALID,
    /** Not in the present state: 409. */
    CONFLICT,
    /** Larger than allowed: 413. */
    TOO_LARGE,
    /** A bound is reached: 429. */
    FULL,
    /** Not able to now: 503. */
    UNAVAILABLE,
    /** A fault of ours: 500. */
    INTERNAL
  }
}
