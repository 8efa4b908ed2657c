package io.wasmrunner.bus;

import java.util.OptionalInt;

/**
 * Acts on a service. Answers when the action has begun, or is refused.
 *
 * @param service which
 * @param action what to do
 * @param runner index of the only runner that is meant; START, STOP and RESTART only
 * @param runners number of runners; SCALE only
 */
public record ServiceCommand(String service, Action action, OptionalInt runner, OptionalInt runners)
    implements BusMessage {
  /** What to do with a service. */
  public enum Action {
    /** Starts what does not run. */
    START,
    /** Lets requests end, and ends the runners. */
    STOP,
    /** Replaces the runners by new ones of the same version, without losing a request. */
    RESTART,
    /** Takes over what the folder holds now. */
    RELOAD,
    /** Changes the number of runners until the next start of the process. */
    SCALE,
    /** Undoes DISABLE, and starts. */
    ENABLE,
    /** Stops, and does not start with the process either. */
    DISABLE
  }
}
