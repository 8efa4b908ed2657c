package io.wasmrunner.bus;

import io.wasmrunner.model.SystemEvent;
import java.util.List;

/**
 * Events that are kept.
 *
 * @param events newest first
 */
public record EventsPage(List<Kept> events) implements BusMessage {
  /** Copies the list. */
  public EventsPage {
    events = List.copyOf(events);
  }

  /**
   * An event that is kept.
   *
   * @param sequence its number; grows with each event, over restarts too
   * @param event what happened
   */
  public record Kept(long sequence, SystemEvent event) {}
}
