package io.wasmrunner.scheduler;

import io.wasmrunner.model.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Deliveries taken for sending.
 *
 * @param deliveries earliest first
 * @param nextDue when the next one that still waits is due
 */
record Claim(List<Delivery> deliveries, Optional<Instant> nextDue) {
  /**
   * A delivery to send.
   *
   * @param id its identity in the store
   * @param messageId identity of the message
   * @param contentType media type of the body
   * @param body the message
   * @param dueAt when it was due
   * @param attempt number of this attempt, from 1
   */
  record Delivery(
      long id, String messageId, String contentType, Payload body, Instant dueAt, int attempt) {}
}
