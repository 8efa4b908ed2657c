package io.wasmrunner.bus;

import io.wasmrunner.model.QueueStatus;
import java.util.List;

/**
 * Queues by name.
 *
 * @param queues the queues
 */
public record QueuesSnapshot(List<QueueStatus> queues) implements BusMessage {
  /** Copies the list. */
  public QueuesSnapshot {
    queues = List.copyOf(queues);
  }
}
