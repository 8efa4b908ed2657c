package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells what happens to the runners of a service: as an event, and as a line in its log. */
final class ServiceEvents {
  private final String service;
  private final Clock clock;
  private final ServiceLog log;
  private final Consumer<SystemEvent> announcer;

  ServiceEvents(String service, Clock clock, ServiceLog log, Consumer<SystemEvent> announcer) {
    this.service = service;
    this.clock = clock;
    this.log = log;
    this.announcer = announcer;
  }

  /** Something happened to a runner. */
  void about(RunnerId runner, Severity severity, String kind, String message) {
    log.host(runner.index(), level(severity), message);
    announce(severity, kind, Optional.of(runner.index()), message);
  }

  /** Something happened to the whole service. */
  void about(Severity severity, String kind, String message) {
    announce(severity, kind, Optional.empty(), message);
  }

  private void announce(Severity severity, String kind, Optional<Integer> runner, String message) {
    announcer.accept(
        new SystemEvent(
            clock.instant(),
            severity,
            kind,
            Optional.of(service),
            runner,
            log.masked(CleanText.of(message))));
  }

  private static LogLine.Level level(Severity severity) {
    return switch (severity) {
      case INFO -> LogLine.Level.INFO;
      case WARNING -> LogLine.Level.WARN;
      case ERROR -> LogLine.Level.ERROR;
    };
  }
}
