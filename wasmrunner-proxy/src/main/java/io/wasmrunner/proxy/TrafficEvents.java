package io.wasmrunner.proxy;

import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.proxy.resilience.CircuitBreaker.State;
import io.wasmrunner.proxy.resilience.Outcome;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Tells of runners left out, circuits opened and settings without effect. Thread-safe. */
final class TrafficEvents {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Bus bus;
  private final Clock clock;

  TrafficEvents(Bus bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** A runner gets no requests for a while. */
  void ejected(LiveUpstream upstream, Outcome last, long nanos) {
    String what =
        switch (last) {
          case OK, STATUS -> "answers with 5xx";
          case CONNECT -> "takes no connections";
          case RESET -> "loses connections";
          case TIMEOUT -> "does not answer in time";
          case INVALID -> "answers with what is no HTTP";
        };
    announce(
        Severity.WARNING,
        "runner.ejected",
        upstream.id().service(),
        Optional.of(upstream.id().index()),
        "%s gets no requests for %.0f s: it %s"
            .formatted(upstream.label(), nanos / NANOS_PER_SECOND, what));
  }

  /** It gets requests again. */
  void readmitted(LiveUpstream upstream) {
    announce(
        Severity.INFO,
        "runner.readmitted",
        upstream.id().service(),
        Optional.of(upstream.id().index()),
        upstream.label() + " gets requests again");
  }

  /** Nothing can be checked by the contract of a service. */
  void contractUnusable(String service, String message) {
    announce(Severity.WARNING, "contract.unusable", service, Optional.empty(), message);
  }

  /** A service asks for what the forwarder cannot do. */
  void settingsIgnored(String service, String message) {
    announce(Severity.WARNING, "service.settings_ignored", service, Optional.empty(), message);
  }

  /** Tells what becomes of a service's circuit, and why. */
  BiConsumer<State, String> ofCircuit(String service) {
    return (state, why) -> {
      switch (state) {
        case OPEN -> circuit(Severity.ERROR, "circuit.opened", service, "refuses requests", why);
        case HALF_OPEN ->
            circuit(Severity.INFO, "circuit.half_open", service, "tries requests again", why);
        case CLOSED -> circuit(Severity.INFO, "circuit.closed", service, "is back", why);
      }
    };
  }

  private void circuit(Severity severity, String kind, String service, String what, String why) {
    announce(
        severity,
        kind,
        service,
        Optional.empty(),
        "the circuit breaker of %s %s: %s".formatted(service, what, why));
  }

  private void announce(
      Severity severity, String kind, String service, Optional<Integer> runner, String message) {
    bus.announce(
        new SystemEvent(clock.instant(), severity, kind, Optional.of(service), runner, message));
  }
}
