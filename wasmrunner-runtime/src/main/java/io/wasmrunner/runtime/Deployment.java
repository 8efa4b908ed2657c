package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.SystemEvent.Severity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a service to another version: prepares it, replaces the runners, and says how that went.
 * One at a time; of those asked for meanwhile, the newest follows. Lives on the actor.
 */
final class Deployment {
  private static final Logger LOG = LoggerFactory.getLogger(Deployment.class);

  private final RunnerGroup runners;
  private final Surroundings surroundings;
  private final Target target;
  private boolean busy;
  private @Nullable Wanted underWay;
  private @Nullable Wanted pending;

  /** A version by what its files are. */
  private record Wanted(ServiceEntry entry, String digest) {}

  /** The service. */
  interface Target {
    /** Whether it is ending, and takes nothing more. */
    boolean closing();

    /** What its runners are of, if anything of it could be started. */
    Optional<RunnerSite> runs();

    /** What the runners of a version reach and are refused is noted there. */
    CapabilityRecord record(ServiceDefinition version);

    /** A version could not even be prepared; what runs goes on. */
    void unprepared(ServiceDefinition version, Throwable failure);

    /** All runners are of this version. */
    void arrived(ServiceEntry entry, RunnerSite version);
  }

  Deployment(RunnerGroup runners, Surroundings surroundings, Target target) {
    this.runners = runners;
    this.surroundings = surroundings;
    this.target = target;
  }

  /** Whether a version is on its way. */
  boolean underWay() {
    return busy;
  }

  /**
   * Brings what a folder holds, unless that is on its way; what serves goes on until it is ready.
   */
  void to(ServiceEntry next, String digest) {
    Wanted asked = new Wanted(next, digest);
    if (!busy) {
      begin(asked, next.definition().orElseThrow());
    } else if (!asked.equals(underWay)) {
      pending = asked;
    }
  }

  /** Brings the present files, read anew, with these settings. None may be on its way. */
  void again(ServiceEntry present, ServiceDefinition settings) {
    begin(new Wanted(present, ""), settings);
  }

  private void begin(Wanted asked, ServiceDefinition wanted) {
    underWay = asked;
    busy = true;
    tell(Severity.INFO, "deploy.started", "a version is prepared");
    VersionStart.prepare(
        wanted,
        surroundings,
        ready -> {
          CapabilityRecord record = target.record(wanted);
          prepared(asked.entry(), new RunnerSite(wanted, ready, record, surroundings));
        },
        failure -> {
          tell(Severity.ERROR, "deploy.refused", Failures.explain(failure));
          target.unprepared(wanted, failure);
          over();
        });
  }

  private void prepared(ServiceEntry next, RunnerSite made) {
    if (target.closing()) {
      made.release();
      return;
    }
    surroundings.log().hide(made.module().secrets().mask());
    VersionStart.awaitCode(
        made,
        () -> {},
        failure -> {
          failure.ifPresent(
              why -> LOG.warn("service {}: {}", made.service().name(), Failures.explain(why)));
          rollOut(next, made);
        });
  }

  private void rollOut(ServiceEntry next, RunnerSite made) {
    if (target.closing()) {
      made.release();
      return;
    }
    CompletionStage<Optional<String>> result =
        target
            .runs()
            .map(present -> new Rollout(runners.keptBy(made), present, made).run())
            .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    result.thenAccept(
        failure -> surroundings.actor().execute(() -> rolledOut(next, made, failure)));
  }

  private void rolledOut(ServiceEntry next, RunnerSite made, Optional<String> failure) {
    if (failure.isPresent()) {
      String reverted =
          made.service().lifecycle().deploy().autoRevert() ? "; the version before goes on" : "";
      tell(Severity.ERROR, "deploy.failed", failure.get() + reverted);
      surroundings.log().host(0, LogLine.Level.ERROR, failure.get());
      runners.releaseUnused(made);
    } else {
      target.arrived(next, made);
      tell(Severity.INFO, "deploy.done", "every runner is of the new version");
    }
    over();
  }

  private void over() {
    busy = false;
    underWay = null;
    surroundings.changed().run();
    Wanted next = pending;
    pending = null;
    if (next != null && !target.closing()) {
      begin(next, next.entry().definition().orElseThrow());
    }
  }

  private void tell(Severity severity, String kind, String message) {
    surroundings.events().about(severity, kind, message);
  }
}
