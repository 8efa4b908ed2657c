package io.wasmrunner.bus;

import io.wasmrunner.model.DeliveryStatus;
import java.util.List;

/**
 * Deliveries.
 *
 * @param deliveries newest first
 */
public record DeliveriesPage(List<DeliveryStatus> deliveries) implements BusMessage {
  /** Copies the list. */
  public DeliveriesPage {
    deliveries = List.copyOf(deliveries);
  }
}
