package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.Route;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the runners of one service running, and does to them what is asked. On the actor. */
final class ServiceSupervisor implements Deployment.Target {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceSupervisor.class);

  private final Surroundings surroundings;
  private final CapabilityRecords capabilities;
  private final RunnerGroup runners;
  private final Deployment deployment;
  private final Readiness readiness;

  private ServiceEntry entry;
  private ServiceDefinition service;
  private List<Violation> violations;
  private List<ModuleHint> hints = List.of();
  private Optional<RunnerSite> site = Optional.empty();
  private boolean bestCode;
  private boolean closing;
  private boolean invalid;
  private boolean disabled;
  private @Nullable CompletableFuture<Void> prepared;

  ServiceSupervisor(ServiceEntry entry, Surroundings surroundings, CapabilityRecords capabilities) {
    this.entry = entry;
    this.service = entry.definition().orElseThrow();
    this.surroundings = surroundings;
    this.capabilities = capabilities;
    this.violations = entry.warnings();
    this.readiness = new Readiness(surroundings.events());
    this.runners = new RunnerGroup(surroundings);
    this.deployment = new Deployment(runners, surroundings, this);
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
    return runners.available();
  }

  ServiceStatus status() {
    return new ServiceStatus(
        service.name(),
        state(),
        invalid ? Optional.empty() : Optional.of(service),
        digest(),
        runners.all().stream().map(Runner::status).toList(),
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
                runners.all().stream().map(Runner::upstream).toList()));
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
      made.release();
      return;
    }
    runners.fill(made);
    VersionStart.awaitCode(made, () -> startRunners(made), failure -> codeIsFinal(made, failure));
  }

  private void startRunners(RunnerSite of) {
    if (!closing && !disabled && current(of)) {
      runners.startNew();
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
        .thenCompose(nothing -> runners.stop(drained))
        .thenCompose(
            nothing ->
                site.map(RunnerSite::release)
                    .orElseGet(() -> CompletableFuture.completedFuture(null)));
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
    runners.stop(true);
    surroundings.changed().run();
  }

  /** Replaces one runner, or all, by new ones of the same files, read anew. */
  void restart(OptionalInt only) {
    requireIdle();
    if (only.isPresent()) {
      Runner one = chosen(only).get(0);
      if (one.wanted()) {
        one.replace(site.orElseThrow(), runners.othersServe(one));
      } else {
        one.start();
      }
      return;
    }
    runners.all().stream().filter(runner -> !runner.wanted()).forEach(Runner::start);
    deployment.again(entry, service);
  }

  /** Changes the number of runners. */
  void scale(int count) {
    requireIdle();
    RunnerSite present = started();
    service = service.withLifecycle(service.lifecycle().withRunners(count));
    RunnerSite scaled = present.configured(service);
    site = Optional.of(scaled);
    runners.configure(scaled);
    fit(scaled);
    events().about(Severity.INFO, "service.scaled", "it has " + count + " runners now");
    surroundings.changed().run();
  }

  private void fit(RunnerSite present) {
    runners.fit(present, !disabled && !closing);
  }

  /** Takes over what the folder holds now; what serves goes on until the new one is ready. */
  void deploy(ServiceEntry next, String digest) {
    deployment.to(next, digest);
  }

  /** Takes over settings that need no new start. */
  void configure(ServiceEntry next) {
    entry = next;
    service = next.definition().orElseThrow();
    violations = next.warnings();
    site = site.map(present -> present.configured(service));
    site.ifPresent(
        present -> {
          runners.configure(present);
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

  /* ---- Another version ---- */

  @Override
  public boolean closing() {
    return closing;
  }

  @Override
  public Optional<RunnerSite> runs() {
    return invalid ? Optional.empty() : site;
  }

  /** What was recorded goes on where the runners may the same as before. */
  @Override
  public CapabilityRecord record(ServiceDefinition version) {
    return site.filter(present -> present.maySameAs(version))
        .map(RunnerSite::capabilities)
        .orElseGet(() -> capabilities.of(version));
  }

  @Override
  public void unprepared(ServiceDefinition version, Throwable failure) {
    if (runners.all().isEmpty()) {
      violations = List.of(Failures.asViolation(failure, version));
    }
  }

  @Override
  public void arrived(ServiceEntry next, RunnerSite version) {
    site.ifPresent(runners::releaseUnused);
    entry = next;
    service = version.service();
    violations = next.warnings();
    invalid = false;
    bestCode = true;
    site = Optional.of(version);
    hints = version.module().hints(service);
    fit(version);
  }

  /* ---- Runners ---- */

  /** Reads what the runners use. */
  void measure() {
    runners.all().forEach(Runner::measure);
    if (site.map(present -> present.capabilities().takeChange()).orElse(false)) {
      surroundings.metered().run();
    }
  }

  /** The proxy could not use a runner. */
  void suspected(int index, long generation) {
    runners.suspected(index, generation);
  }

  /** Something about a runner changed. */
  void runnerChanged() {
    renewNext();
    ServiceState now = state();
    if (!runners.renewing()) {
      readiness.seen(now, runners.all().size());
    }
  }

  private void renewNext() {
    if (bestCode && !closing && !deployment.underWay()) {
      site.ifPresent(runners::renewSlow);
    }
  }

  private List<Runner> chosen(OptionalInt only) {
    started();
    return runners.chosen(service.name(), only);
  }

  private RunnerSite started() {
    return site.filter(present -> !invalid)
        .orElseThrow(() -> RefusedCommand.notStarted(service.name(), state()));
  }

  private void requireIdle() {
    started();
    if (deployment.underWay()) {
      throw RefusedCommand.busy(service.name());
    }
  }

  private ServiceState state() {
    return ServiceStates.of(runners.all(), invalid, disabled, closing);
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
