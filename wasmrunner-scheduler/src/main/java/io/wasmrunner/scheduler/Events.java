package io.wasmrunner.scheduler;

import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people what happened: in the log and as events on the bus. Thread-safe. */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  private final Bus bus;
  private final Clock clock;

  Events(Bus bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** Tells about the whole scheduler. */
  void tell(Severity severity, String kind, String message) {
    tell(severity, kind, Optional.empty(), message);
  }

  /** Tells about a service. */
  void tell(Severity severity, String kind, String service, String message) {
    tell(severity, kind, Optional.of(service), message);
  }

  private void tell(Severity severity, String kind, Optional<String> service, String message) {
    String line = service.map(name -> name + ": " + message).orElse(message);
    switch (severity) {
      case INFO -> LOG.info("{}", line);
      case WARNING -> LOG.warn("{}", line);
      case ERROR -> LOG.error("{}", line);
    }
    bus.announce(
        new SystemEvent(clock.instant(), severity, kind, service, Optional.empty(), message));
  }
}
