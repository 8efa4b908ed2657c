package io.wasmrunner.runtime;

import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerSpec;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of a runner, from its launch to its exit. Tells its watcher what happens, and nothing
 * more once it has ended. Lives on the actor.
 */
final class Generation {
  static final Duration SUSPICION_PAUSE = Duration.ofMillis(250);

  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
  private static final RunnerUsage NO_USAGE =
      new RunnerUsage(0, 0, 0, Duration.ZERO, Duration.ZERO, "");

  /** An idle runner waits a little longer each time it is looked at: that is no news. */
  private static RunnerUsage figures(RunnerUsage usage) {
    return new RunnerUsage(
        usage.memoryBytes(),
        usage.memoryLimitBytes(),
        usage.memoryRefusals(),
        usage.cpu(),
        Duration.ZERO,
        Duration.ZERO,
        usage.code(),
        usage.activity());
  }

  /** Why a generation is being ended by wasmrunner. */
  enum Ending {
    /** It is not. */
    NONE,
    /** It neither answers nor calls the host. */
    HUNG,
    /** It was not healthy in time. */
    START_TIMEOUT,
    /** The next generation follows at once at the same port. */
    REPLACED,
    /** For good. */
    STOPPED
  }

  /** Hears what happens to a generation. */
  interface Watcher {
    /** It runs. */
    void launched();

    /** Probes passed as often in a row as it takes to be healthy; told with each further pass. */
    void passing();

    /** Probes failed as often in a row as it takes to be unhealthy; told with each further one. */
    void failing(String detail);

    /** It uses other amounts than before, or was probed. */
    void figuresChanged();

    /** It was refused memory. */
    void memoryRefused(RunnerUsage usage);

    /** It was refused a file or socket. */
    void descriptorRefused(RunnerUsage usage);

    /** It has ended. */
    void ended(RunnerExit exit);
  }

  private final RunnerSite site;
  private final RunnerSpec spec;
  private Watcher watcher;
  private final LoggedOutput output;
  private final Probing probing;
  private final Instant startedAt;

  private @Nullable RunnerHandle handle;
  private Ending ending = Ending.NONE;
  private boolean beside;
  private boolean over;
  private int passes;
  private int failures;
  private @Nullable ProbeStatus lastProbe;
  private @Nullable Instant suspectedAt;
  private RunnerUsage usage = NO_USAGE;

  /**
   * A generation, not started yet.
   *
   * @param address where it is to listen
   */
  Generation(RunnerSite site, RunnerId id, RunnerAddress address, Watcher watcher) {
    this.site = site;
    this.watcher = watcher;
    this.spec = site.spec(id, address);
    this.output =
        new LoggedOutput(
            site.surroundings().log(),
            id.index(),
            site.service().guest().limits().outputKbPerSecond(),
            site.clock(),
            access -> site.capabilities().add(id.index(), access));
    this.startedAt = site.clock().instant();
    this.probing =
        new Probing(
            site.actor(),
            site.clock(),
            site.probe(),
            site.service().lifecycle().health(),
            this::reachedAt,
            this::probed);
  }

  /**
   * Starts it.
   *
   * @param portKept the generation before left the port open for this one
   */
  void launch(boolean portKept) {
    output.begin();
    site.actor()
        .offload(
            () -> {
              if (!portKept) {
                PortCheck.requireFree(spec.address());
              }
              return Objects.requireNonNull(site.launcher().start(spec, output), "no runner");
            },
            this::launched,
            failure -> finish(ExitCauses.ofFailedStart(failure, site.clock())));
  }

  /**
   * Starts it while another one listens at its address; {@link #takeOver} gives it the port.
   *
   * @throws UnsupportedOperationException when its launcher cannot
   */
  void launchBeside() {
    beside = true;
    output.begin();
    site.actor()
        .offload(
            () -> Objects.requireNonNull(site.launcher().startBeside(spec, output), "no runner"),
            this::launched,
            failure -> finish(ExitCauses.ofFailedStart(failure, site.clock())));
  }

  /** Gives it the port, which this one may have; any thread completes the result. */
  CompletionStage<Void> takeOver(Generation predecessor) {
    RunnerHandle own = handle;
    if (own == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("it does not run"));
    }
    Optional<RunnerHandle> old =
        predecessor.running() ? Optional.ofNullable(predecessor.handle) : Optional.empty();
    return own.takeOver(old)
        .thenCompose(
            nothing -> {
              CompletableFuture<Void> told = new CompletableFuture<>();
              site.actor()
                  .execute(
                      () -> {
                        beside = false;
                        told.complete(null);
                      });
              return told;
            });
  }

  /** Another one hears of it from now on. */
  void watchedBy(Watcher next) {
    watcher = next;
  }

  /** Where it listens, or is to listen. */
  RunnerAddress address() {
    return spec.address();
  }

  /** The last lines that it printed. */
  List<String> recentLines() {
    return output.recentLines();
  }

  private Optional<RunnerAddress> reachedAt() {
    RunnerHandle running = handle;
    return beside && running != null ? running.innerAddress() : Optional.of(spec.address());
  }

  Instant startedAt() {
    return startedAt;
  }

  /** Whether it was launched and has not ended. */
  boolean running() {
    return handle != null && !over;
  }

  Ending ending() {
    return ending;
  }

  RunnerUsage usage() {
    return usage;
  }

  /** Lines of its output that were too many to be logged. */
  long droppedLines() {
    return output.droppedLines();
  }

  Optional<ProbeStatus> lastProbe() {
    return Optional.ofNullable(lastProbe);
  }

  /** Whether it runs code that a new start would better. */
  boolean runsSlowCode() {
    return running() && (usage.code().equals("interpreted") || usage.code().equals("compiling"));
  }

  /** Whether its port stays open when the next generation follows at once. */
  boolean keepsPort() {
    return handle != null && handle.keepsPort();
  }

  /** Marks it as being ended; {@link #stop} does it. */
  void mark(Ending reason) {
    ending = reason;
  }

  /** Ends it; the watcher hears when it has ended. */
  void stop() {
    probing.cancel();
    RunnerHandle running = handle;
    if (running == null || over) {
      return; // not launched yet: that stops it, too
    }
    if (ending == Ending.REPLACED) {
      running.handOver();
    } else {
      running.stop();
    }
  }

  /** Somebody could not use it: look at once, but not all the time. */
  void suspected() {
    Instant now = site.clock().instant();
    Instant before = suspectedAt;
    if (running() && (before == null || !now.isBefore(before.plus(SUSPICION_PAUSE)))) {
      suspectedAt = now;
      probing.probeNow();
    }
  }

  /** Reads what it uses. */
  void measure() {
    RunnerHandle running = handle;
    if (running == null || over) {
      return;
    }
    RunnerUsage before = usage;
    try {
      usage = running.usage();
    } catch (RuntimeException e) {
      LOG.warn("runner {} does not tell what it uses", spec.id(), e);
      return;
    }
    if (usage.memoryRefusals() > before.memoryRefusals()) {
      watcher.memoryRefused(usage);
    }
    if (usage.activity().descriptorRefusals() > before.activity().descriptorRefusals()) {
      watcher.descriptorRefused(usage);
    }
    if (!figures(usage).equals(figures(before))) {
      watcher.figuresChanged();
    }
  }

  private void launched(RunnerHandle started) {
    handle = started;
    started.exit().thenAccept(exit -> site.actor().execute(() -> finish(exit)));
    if (ending != Ending.NONE) {
      started.stop();
      return;
    }
    probing.start();
    measure();
    watcher.launched();
  }

  private void probed(ProbeStatus result) {
    if (over || ending != Ending.NONE) {
      return;
    }
    lastProbe = result;
    passes = result.healthy() ? passes + 1 : 0;
    failures = result.healthy() ? 0 : failures + 1;
    watcher.figuresChanged();
    if (passes >= site.service().lifecycle().health().healthyAfter()) {
      watcher.passing();
    } else if (failures >= site.service().lifecycle().health().unhealthyAfter()) {
      watcher.failing(result.detail());
    }
  }

  private void finish(RunnerExit exit) {
    if (!over) {
      over = true;
      probing.cancel();
      output.end();
      usage = NO_USAGE;
      watcher.ended(exit);
    }
  }
}
