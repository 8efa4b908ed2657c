package io.wasmrunner.bus;

/**
 * Acts on a schedule. RUN answers when the run has ended.
 *
 * @param service service of the schedule
 * @param index its position
 * @param action what to do
 */
public record ScheduleCommand(String service, int index, Action action) implements BusMessage {
  /** What to do with a schedule. */
  public enum Action {
    /** No runs until RESUME; no change when paused already. */
    PAUSE,
    /** Runs again, one interval from now; no change when not paused. */
    RESUME,
    /** PAUSE or RESUME, whichever changes something. */
    TOGGLE,
    /** One run now, paused or not; joins a run that is under way. */
    RUN
  }
}
