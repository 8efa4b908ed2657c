package io.wasmrunner.bus;

import io.wasmrunner.model.ScheduleStatus;
import java.util.List;

/**
 * All schedules, by service and index.
 *
 * @param inForce whether the scheduler acts on what the services say: false until it has learned of
 *     them, and stored who listens to which queue
 * @param schedules the schedules
 */
public record SchedulesSnapshot(boolean inForce, List<ScheduleStatus> schedules)
    implements BusMessage {
  /** Copies the list. */
  public SchedulesSnapshot {
    schedules = List.copyOf(schedules);
  }
}
