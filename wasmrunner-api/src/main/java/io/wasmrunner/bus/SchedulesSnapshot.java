package io.wasmrunner.bus;

import io.wasmrunner.model.ScheduleStatus;
import java.util.List;

/**
 * All schedules, by service and index.
 *
 * @param schedules the schedules
 */
public record SchedulesSnapshot(List<ScheduleStatus> schedules) implements BusMessage {
  /** Copies the list. */
  public SchedulesSnapshot {
    schedules = List.copyOf(schedules);
  }
}
