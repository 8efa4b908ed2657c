package io.wasmrunner.runtime;

import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.ServiceState;

/** Why a service does not do what it is told, in words for whoever told it. */
final class RefusedCommand {
  static final String BUSY = "WR-2044";
  static final String NO_SUCH_RUNNER = "WR-2045";
  static final String NOT_STARTED = "WR-2046";

  private RefusedCommand() {}

  static RequestFailedException busy(String service) {
    return new RequestFailedException(
        Reason.CONFLICT,
        BUSY,
        "runners of service " + service + " are being replaced",
        "Wait until that is over; its events say so.");
  }

  static RequestFailedException noSuchRunner(String service, int index, int runners) {
    return new RequestFailedException(
        Reason.NOT_FOUND,
        NO_SUCH_RUNNER,
        "service %s has no runner %d".formatted(service, index),
        "Its runners are 0 to " + (runners - 1) + ".");
  }

  static RequestFailedException notStarted(String service, ServiceState state) {
    return new RequestFailedException(
        Reason.CONFLICT,
        NOT_STARTED,
        "service " + service + " has not been started: " + state,
        "Wait for what it depends on, or correct its files and reload.");
  }

  static RequestFailedException disabled(String service) {
    return new RequestFailedException(
        Reason.CONFLICT, NOT_STARTED, "service " + service + " is disabled", "Enable it.");
  }
}
