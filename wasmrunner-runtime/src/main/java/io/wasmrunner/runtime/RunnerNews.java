package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RestartSettings;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;

/** What is said about one runner, in events and in its log. */
final class RunnerNews {
  private final RunnerId id;
  private final ServiceEvents events;

  RunnerNews(RunnerId id, ServiceEvents events) {
    this.id = id;
    this.events = events;
  }

  void started(int port) {
    tell(Severity.INFO, "runner.started", "started on port " + port);
  }

  void readyAfter(Duration start) {
    tell(Severity.INFO, "runner.ready", "ready after " + Durations.describe(start));
  }

  void healthyAgain() {
    tell(Severity.INFO, "runner.ready", "healthy again");
  }

  void unhealthy(String detail) {
    tell(Severity.WARNING, "runner.unhealthy", "unhealthy, gets no requests: " + detail);
  }

  void memoryRefused(RunnerUsage usage) {
    tell(
        Severity.WARNING,
        "runner.memory_refused",
        "was refused more memory: it has %d of %d MiB"
            .formatted(usage.memoryBytes() >> 20, usage.memoryLimitBytes() >> 20));
  }

  void descriptorRefused(RunnerUsage usage) {
    tell(
        Severity.WARNING,
        "runner.descriptor_refused",
        "was refused a file or socket: it has %d of %d open"
            .formatted(usage.activity().openDescriptors(), usage.activity().descriptorLimit()));
  }

  void stopped(RunnerExit exit) {
    tell(
        Severity.INFO,
        "runner.exited",
        exit.cause() == ExitCause.STOPPED
            ? "stopped"
            : "ended while it was to stop: " + exit.detail());
  }

  void replaced(RunnerExit exit) {
    tell(Severity.INFO, "runner.replaced", exit.detail());
  }

  void exited(RunnerExit exit) {
    tell(Severity.ERROR, "runner.exited", "ended, " + exit.cause().key() + ": " + exit.detail());
  }

  void startsAgain(Duration pause) {
    tell(Severity.WARNING, "runner.backoff", "starts again in " + Durations.describe(pause));
  }

  void staysStopped(RestartSettings.Policy policy) {
    tell(
        Severity.WARNING,
        "runner.stays_stopped",
        "does not start again by itself (restart.policy " + policy.key() + ")");
  }

  void replaces(long generation) {
    tell(Severity.INFO, "runner.replaced", "generation " + generation + " takes over");
  }

  void drained(long generation, RunnerExit exit) {
    tell(
        exit.cause() == ExitCause.STOPPED ? Severity.INFO : Severity.WARNING,
        "runner.drained",
        "generation "
            + generation
            + (exit.cause() == ExitCause.STOPPED
                ? " has ended its requests and is stopped"
                : " ended while it ended its requests, "
                    + exit.cause().key()
                    + ": "
                    + exit.detail()));
  }

  void loops(Duration pause, RestartSettings settings) {
    tell(
        Severity.ERROR,
        "runner.crash_loop",
        "ended more than %d times in %s; starts again in %s"
            .formatted(
                settings.intensity(),
                Durations.describe(settings.period()),
                Durations.describe(pause)));
  }

  void doesNotEnd() {
    tell(
        Severity.ERROR,
        "runner.stop_timeout",
        "did not end within %s; its port stays taken until it does"
            .formatted(Durations.describe(Runner.STOP_LIMIT)));
  }

  private void tell(Severity severity, String kind, String message) {
    events.about(id, severity, kind, message);
  }
}
