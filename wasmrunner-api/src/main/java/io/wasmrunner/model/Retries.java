package io.wasmrunner.model;

import java.time.Duration;
import java.util.Set;

/**
 * When a request is sent once more, to another runner if there is one. Never after a byte of an
 * answer went to the client, nor when its body is larger than the bound.
 *
 * @param attempts further attempts; default 2
 * @param on the failures after which one follows; default connect and reset
 * @param nonIdempotent whether methods are repeated for which twice is not once (POST, PATCH);
 *     default no
 * @param budgetPercent retries per requests of the last ten seconds, at most, but always a few;
 *     default 20
 * @param backoff pause before the first retry, by lot from nothing to this; default 25 ms
 * @param maxBackoff the pause doubles with each retry up to this; default 250 ms
 * @param perTryTimeout from the start of an attempt to the head of its answer; {@link
 *     Duration#ZERO}, the default, for none but those of the route
 * @param bodyKb KiB of a request's body that are kept for a retry; default 64
 */
public record Retries(
    int attempts,
    Set<Cause> on,
    boolean nonIdempotent,
    int budgetPercent,
    Duration backoff,
    Duration maxBackoff,
    Duration perTryTimeout,
    int bodyKb) {
  /** The defaults, once they are on. */
  public static final Retries DEFAULT =
      new Retries(
          2,
          Set.of(Cause.CONNECT, Cause.RESET),
          false,
          20,
          Duration.ofMillis(25),
          Duration.ofMillis(250),
          Duration.ZERO,
          64);

  /** Copies the set. */
  public Retries {
    on = Set.copyOf(on);
  }

  /** What went wrong. */
  public enum Cause {
    /** No runner took a connection. */
    CONNECT,
    /** The connection was lost before the answer. */
    RESET,
    /** The answer did not begin in time. */
    TIMEOUT,
    /** The answer was 5xx. */
    STATUS
  }
}
