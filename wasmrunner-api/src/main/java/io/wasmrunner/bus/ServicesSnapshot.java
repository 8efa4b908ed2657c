package io.wasmrunner.bus;

import io.wasmrunner.model.ServiceStatus;
import java.util.List;

/**
 * All services at one moment, sorted by name.
 *
 * @param revision grows with every change; an event with a smaller one than a snapshot held is old
 * @param services the services
 */
public record ServicesSnapshot(long revision, List<ServiceStatus> services) implements BusMessage {
  /** Copies the list. */
  public ServicesSnapshot {
    services = List.copyOf(services);
  }
}
