package io.wasmrunner.runtime;

import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the runners of one service running, and does to them what is asked. On the actor. */
final class ServiceSupervisor {
  static final String BUSY = "WR-2044";
  static final String NO_SUCH_RUNNER = "WR-2045";
  static final String NOT_STARTED = "WR-2046";

  private static final Logger LOG = LoggerFactory.getLogger(ServiceSupervisor.class);

  private final Surroundings surroundings;
  private final CapabilityRecords capabilities;
  private final List<Runner> runners = new ArrayList<>();

  private ServiceEntry entry;
  private ServiceDefinition service;
  private List<Violation> violations;
  private List<ModuleHint> hints = List.of();
  private Optional<RunnerSite> site = Optional.empty();
  private ServiceState lastState = ServiceState.STARTING;
  private boolean bestCode;
  private boolean closing;
  private boolean invalid;
  private boolean disabled;
  private boolean deploying;
  private @Nullable Wanted underWay;
  private @Nullable Wanted pending;
  private @Nullable CompletableFuture<Void> prepared;

  /** A version by what its files are. */
  private record Wanted(ServiceEntry entry, String digest) {}

  ServiceSupervisor(ServiceEntry entry, Surroundings surroundings, CapabilityRecords capabilities) {
    this.entry = entry;
    this.service = entry.definition().orElseThrow();
    this.surroundings = surroundings;
    this.capabilities = capabilities;
    this.violations = entry.warnings();
  }

  /* ---- What others see ---- */

  ServiceEntry entry() {
    return entry;
  }

  ServiceDefinition service() {
    return service;
  }

  /** Digest of the module that runs, once it is known. */
  Optional<String> digest() {
    return site.map(present -> present.module().digest());
  }

  ServiceLog log() {
    return surroundings.log();
  }

  /** Whether the service can be used by those that depend on it. */
  boolean usable() {
    return runners.stream().anyMatch(Runner::available);
  }

  ServiceStatus status() {
    return new ServiceStatus(
        service.name(),
        state(),
        invalid ? Optional.empty() : Optional.of(service),
        digest(),
        runners.stream().map(Runner::status).toList(),
        site.map(RunnerSite::capabilities).orElseGet(() -> capabilities.of(service)).status(),
        violations,
        hints);
  }

  /** Its route; none when it is invalid. */
  Optional<Route> route() {
    return invalid || disabled
        ? Optional.empty()
        : Optional.of(
            new Route(
                service.name(),
                service.prefix(),
                service.traffic(),
                runners.stream().map(Runner::upstream).toList()));
  }

  /* ---- Start and end ---- */

  /** It stays stopped until it is enabled. */
  void disabledFromStart() {
    disabled = true;
  }

  /** Loads the module, then starts the runners. */
  void start() {
    CompletableFuture<Void> preparation = new CompletableFuture<>();
    prepared = preparation;
    VersionStart.prepare(
        service,
        surroundings,
        ready -> {
          preparation.complete(null);
          prepared(ready);
        },
        failure -> {
          preparation.complete(null);
          refused(failure);
        });
  }

  private void prepared(PreparedModule ready) {
    RunnerSite made = new RunnerSite(service, ready, capabilities.of(service), surroundings);
    site = Optional.of(made);
    surroundings.log().hide(ready.secrets().mask());
    if (closing) {
      release(made);
      return;
    }
    for (int i = 0; i < service.runners(); i++) {
      runners.add(new Runner(made, i, surroundings.options().random()));
    }
    VersionStart.awaitCode(made, () -> startRunners(made), failure -> codeIsFinal(made, failure));
  }

  private void startRunners(RunnerSite of) {
    if (!closing && !disabled && current(of)) {
      runners.stream().filter(runner -> runner.number() == 0).forEach(Runner::start);
    }
  }

  private void codeIsFinal(RunnerSite of, Optional<Throwable> failure) {
    if (closing || !current(of)) {
      return;
    }
    hints = of.module().hints(service);
    bestCode = failure.isEmpty();
    failure.ifPresent(why -> LOG.warn("service {}: {}", service.name(), Failures.explain(why)));
    startRunners(of);
    renewNext();
  }

  private void refused(Throwable failure) {
    invalid = true;
    List<Violation> all = new ArrayList<>(violations);
    all.add(Failures.asViolation(failure, service));
    violations = List.copyOf(all);
    LOG.error("service {} is invalid: {}", service.name(), Failures.explain(failure));
    events().about(Severity.ERROR, "service.invalid", Failures.explain(failure));
    surroundings.changed().run();
  }

  /**
   * Ends all runners; completes when they have ended, or after their limit.
   *
   * @param drained whether requests under way may end before
   */
  CompletionStage<Void> close(boolean drained) {
    closing = true;
    CompletableFuture<Void> preparation = prepared;
    if (preparation == null) {
      return CompletableFuture.completedFuture(null);
    }
    actor().after(Runner.STOP_LIMIT, () -> preparation.complete(null));
    return preparation
        .thenCompose(nothing -> stopAll(runners.stream(), drained))
        .thenCompose(
            nothing ->
                site.map(this::release).orElseGet(() -> CompletableFuture.completedFuture(null)));
  }

  private static CompletableFuture<Void> stopAll(Stream<Runner> all, boolean drained) {
    return CompletableFuture.allOf(
        all.map(runner -> runner.stop(drained).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private CompletionStage<Void> release(RunnerSite unused) {
    CompletableFuture<Void> released = new CompletableFuture<>();
    actor()
        .offload(
            () -> {
              unused.module().close();
              return unused;
            },
            done -> released.complete(null),
            failure -> {
              LOG.warn("service {}: its launcher did not close", service.name(), failure);
              released.complete(null);
            });
    return released;
  }

  /* ---- Commands ---- */

  /** Starts what does not run. */
  void start(OptionalInt only) {
    disabled = false;
    chosen(only).forEach(Runner::start);
    surroundings.changed().run();
  }

  /** Lets requests end, and ends the runners. */
  void stop(OptionalInt only) {
    chosen(only).forEach(runner -> runner.stop(true));
  }

  /** Stops it for longer than this process lives. */
  void disable() {
    disabled = true;
    runners.forEach(runner -> runner.stop(true));
    surroundings.changed().run();
  }

  /** Replaces one runner, or all, by new ones of the same files, read anew. */
  void restart(OptionalInt only) {
    requireIdle();
    if (only.isPresent()) {
      Runner one = chosen(only).get(0);
      if (one.wanted()) {
        one.replace(site.orElseThrow(), othersServe(one));
      } else {
        one.start();
      }
      return;
    }
    runners.stream().filter(runner -> !runner.wanted()).forEach(Runner::start);
    deploy(new Wanted(entry, ""), service);
  }

  /** Changes the number of runners. */
  void scale(int count) {
    requireIdle();
    RunnerSite present = started();
    service = service.withLifecycle(service.lifecycle().withRunners(count));
    RunnerSite scaled = present.configured(service);
    site = Optional.of(scaled);
    runners.forEach(runner -> runner.configure(scaled));
    fit(scaled);
    events().about(Severity.INFO, "service.scaled", "it has " + count + " runners now");
    surroundings.changed().run();
  }

  /** As many runners as the service wants: more are started, those at the end are stopped. */
  private void fit(RunnerSite present) {
    while (runners.size() < present.service().runners()) {
      Runner more = new Runner(present, runners.size(), surroundings.options().random());
      runners.add(more);
      if (!disabled && !closing) {
        more.start();
      }
    }
    for (Runner surplus :
        List.copyOf(runners.subList(present.service().runners(), runners.size()))) {
      surplus
          .stop(true)
          .thenRun(
              () -> {
                runners.remove(surplus);
                surroundings.changed().run();
              });
    }
  }

  /** Takes over what the folder holds now; what serves goes on until the new one is ready. */
  void deploy(ServiceEntry next, String digest) {
    Wanted asked = new Wanted(next, digest);
    if (!deploying) {
      deploy(asked, next.definition().orElseThrow());
    } else if (!asked.equals(underWay)) {
      pending = asked;
    }
  }

  private void deploy(Wanted asked, ServiceDefinition wanted) {
    ServiceEntry next = asked.entry();
    underWay = asked;
    deploying = true;
    events().about(Severity.INFO, "deploy.started", "a version is prepared");
    VersionStart.prepare(
        wanted,
        surroundings,
        ready -> rollOut(next, new RunnerSite(wanted, ready, record(wanted), surroundings)),
        failure -> {
          events().about(Severity.ERROR, "deploy.refused", Failures.explain(failure));
          if (runners.isEmpty()) {
            violations = List.of(Failures.asViolation(failure, wanted));
          }
          deployed();
        });
  }

  /** Takes over settings that need no new start. */
  void configure(ServiceEntry next) {
    entry = next;
    service = next.definition().orElseThrow();
    violations = next.warnings();
    site = site.map(present -> present.configured(service));
    site.ifPresent(
        present -> {
          runners.forEach(runner -> runner.configure(present));
          fit(present);
        });
    events().about(Severity.INFO, "deploy.configured", "settings are taken over without a restart");
    surroundings.changed().run();
  }

  /** Whether it could not even be prepared. */
  boolean invalid() {
    return invalid;
  }

  /** The folder holds what runs. */
  void accepted(ServiceEntry present) {
    if (!violations.equals(present.warnings())) {
      violations = present.warnings();
      surroundings.changed().run();
    }
  }

  /** What the folder holds now is wrong; what runs goes on. */
  void rejected(List<Violation> errors) {
    violations = errors;
    surroundings.changed().run();
  }

  private void rollOut(ServiceEntry next, RunnerSite made) {
    if (closing) {
      release(made);
      return;
    }
    surroundings.log().hide(made.module().secrets().mask());
    VersionStart.awaitCode(
        made,
        () -> {},
        failure -> {
          failure.ifPresent(
              why -> LOG.warn("service {}: {}", service.name(), Failures.explain(why)));
          begin(next, made);
        });
  }

  private void begin(ServiceEntry next, RunnerSite made) {
    if (closing) {
      release(made);
      return;
    }
    List<Runner> kept =
        List.copyOf(runners.subList(0, Math.min(runners.size(), made.service().runners())));
    CompletionStage<Optional<String>> result =
        invalid || site.isEmpty()
            ? CompletableFuture.completedFuture(Optional.empty())
            : new Rollout(kept, site.get(), made).run();
    result.thenAccept(failure -> actor().execute(() -> rolledOut(next, made, failure)));
  }

  private void rolledOut(ServiceEntry next, RunnerSite made, Optional<String> failure) {
    if (failure.isPresent()) {
      String reverted =
          made.service().lifecycle().deploy().autoRevert() ? "; the version before goes on" : "";
      events().about(Severity.ERROR, "deploy.failed", failure.get() + reverted);
      surroundings.log().host(0, io.wasmrunner.model.LogLine.Level.ERROR, failure.get());
      releaseLater(made);
    } else {
      site.ifPresent(this::releaseLater);
      entry = next;
      service = made.service();
      violations = next.warnings();
      invalid = false;
      bestCode = true;
      site = Optional.of(made);
      hints = made.module().hints(service);
      fit(made);
      events().about(Severity.INFO, "deploy.done", "every runner is of the new version");
    }
    deployed();
  }

  /** When no runner uses it any more. */
  private void releaseLater(RunnerSite unused) {
    if (runners.stream().anyMatch(runner -> runner.uses(unused))) {
      actor().after(Quiet.CHECK, () -> releaseLater(unused));
    } else {
      release(unused);
    }
  }

  private void deployed() {
    deploying = false;
    underWay = null;
    surroundings.changed().run();
    Wanted next = pending;
    pending = null;
    if (next != null && !closing) {
      deploy(next, next.entry().definition().orElseThrow());
    }
  }

  /* ---- Runners ---- */

  /** Reads what the runners use. */
  void measure() {
    runners.forEach(Runner::measure);
    if (site.map(present -> present.capabilities().takeChange()).orElse(false)) {
      surroundings.metered().run();
    }
  }

  /** The proxy could not use a runner. */
  void suspected(int index, long generation) {
    if (index >= 0 && index < runners.size()) {
      runners.get(index).suspected(generation);
    }
  }

  /** Something about a runner changed. */
  void runnerChanged() {
    renewNext();
    ServiceState now = state();
    if (runners.stream().noneMatch(Runner::renewing)) {
      if (now == ServiceState.READY && lastState != ServiceState.READY) {
        events()
            .about(
                Severity.INFO,
                "service.ready",
                runners.size() == 1
                    ? "its runner is ready"
                    : "all " + runners.size() + " are ready");
      }
      lastState = now;
    }
  }

  /**
   * Replaces runners that were started before the code was compiled: those that have never been
   * ready at once, the others one after another.
   */
  private void renewNext() {
    if (!bestCode || closing || deploying) {
      return;
    }
    List<Runner> slow = runners.stream().filter(Runner::runsSlowCode).toList();
    for (Runner runner : slow) {
      if (runner.state() == RunnerState.STARTING && !runner.renewing()) {
        runner.replace(site.orElseThrow(), false);
      }
    }
    if (runners.stream().anyMatch(Runner::renewing)) {
      return;
    }
    slow.stream()
        .filter(runner -> runner.state() != RunnerState.STARTING)
        .findFirst()
        .ifPresent(runner -> runner.replace(site.orElseThrow(), othersServe(runner)));
  }

  private boolean othersServe(Runner one) {
    return runners.stream()
        .anyMatch(runner -> runner != one && runner.state() == RunnerState.READY);
  }

  /** What was recorded goes on where the runners may the same as before. */
  private CapabilityRecord record(ServiceDefinition wanted) {
    return site.filter(
            present ->
                present.service().guest().capabilities().equals(wanted.guest().capabilities())
                    && present
                        .service()
                        .guest()
                        .launcher()
                        .name()
                        .equals(wanted.guest().launcher().name()))
        .map(RunnerSite::capabilities)
        .orElseGet(() -> capabilities.of(wanted));
  }

  private List<Runner> chosen(OptionalInt only) {
    started();
    if (only.isEmpty()) {
      return List.copyOf(runners);
    }
    int index = only.getAsInt();
    if (index < 0 || index >= runners.size()) {
      throw new RequestFailedException(
          Reason.NOT_FOUND,
          NO_SUCH_RUNNER,
          "service %s has no runner %d".formatted(service.name(), index),
          "Its runners are 0 to " + (runners.size() - 1) + ".");
    }
    return List.of(runners.get(index));
  }

  private RunnerSite started() {
    return site.filter(present -> !invalid)
        .orElseThrow(
            () ->
                new RequestFailedException(
                    Reason.CONFLICT,
                    NOT_STARTED,
                    "service " + service.name() + " has not been started: " + state(),
                    "Wait for what it depends on, or correct its files and reload."));
  }

  private void requireIdle() {
    started();
    if (deploying) {
      throw new RequestFailedException(
          Reason.CONFLICT,
          BUSY,
          "runners of service " + service.name() + " are being replaced",
          "Wait until that is over; its events say so.");
    }
  }

  private ServiceState state() {
    return ServiceStates.of(runners, invalid, disabled, closing);
  }

  private boolean current(RunnerSite version) {
    return site.map(version::sameVersion).orElse(false);
  }

  private Actor actor() {
    return surroundings.actor();
  }

  private ServiceEvents events() {
    return surroundings.events();
  }
}
