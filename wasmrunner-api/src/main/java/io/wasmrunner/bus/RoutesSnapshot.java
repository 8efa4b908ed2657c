package io.wasmrunner.bus;

import io.wasmrunner.model.Route;
import java.util.List;

/**
 * All routes at one moment.
 *
 * @param revision grows with every change
 * @param routes the routes
 */
public record RoutesSnapshot(long revision, List<Route> routes) implements BusMessage {
  /** Copies the list. */
  public RoutesSnapshot {
    routes = List.copyOf(routes);
  }
}
