package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.SystemEvent.Severity;

/** Tells when a service has become ready; a runner that is only replaced is no news. */
final class Readiness {
  private final ServiceEvents events;
  private ServiceState last = ServiceState.STARTING;

  Readiness(ServiceEvents events) {
    this.events = events;
  }

  void seen(ServiceState now, int runners) {
    if (now == ServiceState.READY && last != ServiceState.READY) {
      events.about(
          Severity.INFO,
          "service.ready",
          runners == 1 ? "its runner is ready" : "all " + runners + " are ready");
    }
    last = now;
  }
}
