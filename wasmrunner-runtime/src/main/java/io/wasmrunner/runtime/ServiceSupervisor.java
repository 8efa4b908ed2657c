package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.model.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the runners of one service running. Lives on the actor. */
final class ServiceSupervisor {
  /** A start waits this long for code from the cache before it begins with what there is. */
  static final Duration CODE_WAIT = Duration.ofMillis(1500);

  private static final Logger LOG = LoggerFactory.getLogger(ServiceSupervisor.class);

  private final ServiceEntry entry;
  private final ServiceDefinition service;
  private final RuntimeOptions options;
  private final Actor actor;
  private final ServiceLog log;
  private final ServiceEvents events;
  private final RequestsUnderWay requests;
  private final CapabilityRecord capabilities;
  private final Runnable changed;
  private final Runnable metered;

  private List<Runner> runners = List.of();
  private List<Violation> violations;
  private Optional<String> digest = Optional.empty();
  private List<ModuleHint> hints = List.of();
  private Optional<PreparedModule> module = Optional.empty();
  private ServiceState lastState = ServiceState.STARTING;
  private boolean bestCode;
  private boolean stopping;
  private boolean invalid;
  private @Nullable CompletableFuture<Void> prepared;

  ServiceSupervisor(
      ServiceEntry entry,
      RuntimeOptions options,
      Actor actor,
      ServiceLog log,
      ServiceEvents events,
      RequestsUnderWay requests,
      CapabilityRecord capabilities,
      Runnable changed,
      Runnable metered) {
    this.entry = entry;
    this.service = entry.definition().orElseThrow();
    this.options = options;
    this.actor = actor;
    this.log = log;
    this.events = events;
    this.requests = requests;
    this.capabilities = capabilities;
    this.changed = changed;
    this.metered = metered;
    this.violations = entry.warnings();
  }

  /** Loads the module, then starts the runners. */
  void start() {
    CompletableFuture<Void> preparation = new CompletableFuture<>();
    prepared = preparation;
    actor.offload(
        () -> PreparedModule.prepare(service, options),
        ready -> {
          preparation.complete(null);
          prepared(ready);
        },
        failure -> {
          preparation.complete(null);
          refused(failure);
        });
  }

  /** Ends all runners; completes when they have ended, or after their limit. */
  CompletionStage<Void> stop() {
    stopping = true;
    CompletableFuture<Void> preparation = prepared;
    if (preparation == null) {
      return CompletableFuture.completedFuture(null);
    }
    actor.after(Runner.STOP_LIMIT, () -> preparation.complete(null));
    return preparation
        .thenCompose(
            nothing ->
                CompletableFuture.allOf(
                    runners.stream()
                        .map(runner -> runner.stop().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
        .thenCompose(nothing -> release());
  }

  /** Reads what the runners use. */
  void measure() {
    runners.forEach(Runner::measure);
    if (capabilities.takeChange()) {
      metered.run();
    }
  }

  /** The proxy could not use a runner. */
  void suspected(int index, long generation) {
    if (index >= 0 && index < runners.size()) {
      runners.get(index).suspected(generation);
    }
  }

  ServiceStatus status() {
    List<RunnerStatus> all = runners.stream().map(Runner::status).toList();
    return new ServiceStatus(
        service.name(),
        state(),
        invalid ? Optional.empty() : Optional.of(service),
        digest,
        all,
        capabilities.status(),
        violations,
        hints);
  }

  /** Its route; none when it is invalid. */
  Optional<Route> route() {
    return invalid
        ? Optional.empty()
        : Optional.of(
            new Route(
                service.name(),
                service.prefix(),
                service.traffic(),
                runners.stream().map(Runner::upstream).toList()));
  }

  Optional<String> openapi() {
    return entry.openapi();
  }

  ServiceLog log() {
    return log;
  }

  /* ---- Module ---- */

  private void prepared(PreparedModule ready) {
    module = Optional.of(ready);
    digest = Optional.of(ready.digest());
    log.hide(ready.secrets().mask());
    if (stopping) {
      release();
      return;
    }
    RunnerSite site =
        new RunnerSite(
            service,
            options,
            actor,
            ready.launcher(),
            ready.probe(),
            ready.secrets(),
            capabilities,
            log,
            events,
            requests,
            this::runnerChanged,
            metered);
    List<Runner> made = new ArrayList<>();
    for (int i = 0; i < service.runners(); i++) {
      made.add(new Runner(site, i, options.random()));
    }
    runners = List.copyOf(made);
    Actor.Timer wait = actor.after(CODE_WAIT, this::startRunners);
    ready
        .bestCode()
        .whenComplete(
            (nothing, failure) ->
                actor.execute(
                    () -> {
                      wait.cancel();
                      hints = ready.hints(service);
                      codeIsFinal(failure);
                    }));
  }

  private void codeIsFinal(@Nullable Throwable failure) {
    if (stopping) {
      return;
    }
    if (failure == null) {
      bestCode = true;
    } else {
      LOG.warn("service {}: {}", service.name(), Failures.explain(failure));
    }
    startRunners();
    renewNext();
  }

  private void startRunners() {
    if (stopping || runners.isEmpty() || runners.get(0).status().generation() > 0) {
      return;
    }
    runners.forEach(Runner::start);
  }

  private void refused(Throwable failure) {
    invalid = true;
    List<Violation> all = new ArrayList<>(violations);
    all.add(Failures.asViolation(failure, service));
    violations = List.copyOf(all);
    LOG.error("service {} is invalid: {}", service.name(), Failures.explain(failure));
    events.about(Severity.ERROR, "service.invalid", Failures.explain(failure));
    changed.run();
  }

  private CompletionStage<Void> release() {
    CompletableFuture<Void> released = new CompletableFuture<>();
    Optional<PreparedModule> unreleased = module;
    module = Optional.empty();
    unreleased.ifPresentOrElse(
        held ->
            actor.offload(
                () -> {
                  held.close();
                  return held;
                },
                done -> released.complete(null),
                failure -> {
                  LOG.warn("service {}: its launcher did not close", service.name(), failure);
                  released.complete(null);
                }),
        () -> released.complete(null));
    return released;
  }

  /* ---- Runners ---- */

  private void runnerChanged() {
    renewNext();
    ServiceState now = state();
    if (runners.stream().noneMatch(Runner::renewing)) {
      if (now == ServiceState.READY && lastState != ServiceState.READY) {
        events.about(
            Severity.INFO,
            "service.ready",
            runners.size() == 1 ? "its runner is ready" : "all " + runners.size() + " are ready");
      }
      lastState = now;
    }
    changed.run();
  }

  /**
   * Replaces runners that were started before the code was compiled: those that have never been
   * ready at once, the others one after another.
   */
  private void renewNext() {
    if (!bestCode || stopping) {
      return;
    }
    List<Runner> slow = runners.stream().filter(Runner::runsSlowCode).toList();
    for (Runner runner : slow) {
      if (runner.state() == RunnerState.STARTING) {
        runner.replace(false);
      }
    }
    if (runners.stream().anyMatch(Runner::renewing)) {
      return;
    }
    slow.stream()
        .filter(runner -> runner.state() != RunnerState.STARTING)
        .findFirst()
        .ifPresent(runner -> runner.replace(othersServe(runner)));
  }

  private boolean othersServe(Runner one) {
    return runners.stream()
        .anyMatch(runner -> runner != one && runner.state() == RunnerState.READY);
  }

  private ServiceState state() {
    if (invalid) {
      return ServiceState.INVALID;
    }
    if (runners.isEmpty()) {
      return stopping ? ServiceState.STOPPED : ServiceState.STARTING;
    }
    if (all(RunnerState.READY)) {
      return ServiceState.READY;
    }
    if (runners.stream().anyMatch(Runner::available)) {
      return ServiceState.DEGRADED;
    }
    boolean failed =
        any(RunnerState.UNHEALTHY) || any(RunnerState.BACKOFF) || any(RunnerState.CRASH_LOOP);
    if (failed) {
      return ServiceState.DOWN;
    }
    return stopping && all(RunnerState.STOPPED) ? ServiceState.STOPPED : ServiceState.STARTING;
  }

  private boolean any(RunnerState state) {
    return runners.stream().anyMatch(runner -> runner.state() == state);
  }

  private boolean all(RunnerState state) {
    return runners.stream().allMatch(runner -> runner.state() == state);
  }
}
