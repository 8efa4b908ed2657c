package io.wasmrunner.bus;

import java.util.Optional;

/**
 * Asks to do something with a service.
 *
 * @param service name of the service
 * @param action what to do
 * @param runner only with this runner; for START, STOP and RESTART
 * @param runners how many runners there shall be; for SCALE
 */
public record ServiceCommand(
    String service, Action action, Optional<Integer> runner, Optional<Integer> runners)
    implements BusMessage {
  /** What can be done. */
  public enum Action {
    /** Start what is stopped. */
    START,
    /** Stop, until somebody starts it. */
    STOP,
    /** Stop and start again. */
    RESTART,
    /** Read its files again and replace its runners one by one. */
    RELOAD,
    /** Have another number of runners. */
    SCALE,
    /** Run it again, also after a start of wasmrunner. */
    ENABLE,
    /** Stop it and leave it stopped, also after a start of wasmrunner. */
    DISABLE
  }
}
