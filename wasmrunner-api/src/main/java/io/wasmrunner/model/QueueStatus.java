package io.wasmrunner.model;

import java.util.List;

/**
 * A queue at one moment.
 *
 * @param name its name
 * @param subscribers services that listen to it, as {@code service/path}
 * @param published messages accepted since the store was made
 * @param pending deliveries that wait for their time or a worker
 * @param inFlight deliveries under way
 * @param delivered deliveries that succeeded
 * @param dead deliveries given up after the last attempt
 */
public record QueueStatus(
    String name,
    List<String> subscribers,
    long published,
    long pending,
    long inFlight,
    long delivered,
    long dead) {
  /** Copies the list. */
  public QueueStatus {
    subscribers = List.copyOf(subscribers);
  }
}
