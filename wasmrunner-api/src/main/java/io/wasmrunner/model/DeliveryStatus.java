package io.wasmrunner.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A delivery of a message to one subscriber.
 *
 * @param messageId message it carries
 * @param queue queue of the message
 * @param service subscriber
 * @param path path on the subscriber
 * @param state where it stands
 * @param publishedAt when the message was accepted
 * @param attempts requests sent so far
 * @param nextAttemptAt when the next one is due
 * @param lastStatus HTTP status of the last answer; 0 when there was none
 * @param lastError why the last attempt failed; empty when none did
 */
public record DeliveryStatus(
    String messageId,
    String queue,
    String service,
    String path,
    State state,
    Instant publishedAt,
    int attempts,
    Optional<Instant> nextAttemptAt,
    int lastStatus,
    String lastError) {
  /** Where a delivery stands. */
  public enum State {
    /** Waits for its time or a worker. */
    PENDING,
    /** Being sent. */
    IN_FLIGHT,
    /** The subscriber answered with 2xx. */
    DELIVERED,
    /** Given up; kept with its reason. */
    DEAD
  }
}
