package io.wasmrunner.bus;

import io.wasmrunner.model.ServiceChange;
import java.util.List;

/**
 * What differs between what runs and what the services folder holds.
 *
 * @param changes one per service, by name
 */
public record PlanSnapshot(List<ServiceChange> changes) implements BusMessage {
  /** Copies the list. */
  public PlanSnapshot {
    changes = List.copyOf(changes);
  }
}
