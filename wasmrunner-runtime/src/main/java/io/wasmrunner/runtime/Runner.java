package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerSpec;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One runner through all its generations: starts it, watches it, starts it again when it has ended.
 * Lives on the actor.
 */
final class Runner {
  static final Duration START_LIMIT = Duration.ofSeconds(60);
  static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  static final Duration HUNG_AFTER = Duration.ofSeconds(10);
  static final Duration SUSPICION_PAUSE = Duration.ofMillis(250);

  private static final RunnerUsage NO_USAGE =
      new RunnerUsage(0, 0, 0, Duration.ZERO, Duration.ZERO, "");

  /** Why a generation is being ended by us. */
  private enum Ending {
    NONE,
    HUNG,
    START_TIMEOUT,
    REPLACED,
    STOPPED
  }

  private final RunnerSite site;
  private final RunnerId id;
  private final RunnerAddress address;
  private final RestartPolicy restartPolicy;

  private RunnerState state = RunnerState.STOPPED;
  private Instant since;
  private long generation;
  private Ending ending = Ending.NONE;
  private boolean renewing;
  private boolean portKept;
  private boolean takesOver;
  private Duration healthyFor = Duration.ZERO;
  private @Nullable RunnerHandle handle;
  private @Nullable LoggedOutput output;
  private @Nullable Probing probing;
  private Actor.Timer timer = Actor.Timer.NONE;
  private int passes;
  private int failures;
  private @Nullable Instant startedAt;
  private @Nullable Instant nextStartAt;
  private @Nullable Instant suspectedAt;
  private @Nullable ProbeStatus lastProbe;
  private @Nullable RunnerExit lastExit;
  private RunnerUsage usage = NO_USAGE;
  private @Nullable CompletableFuture<Void> stopped;

  Runner(RunnerSite site, int index, RandomGenerator random) {
    this.site = site;
    this.id = new RunnerId(site.service().name(), index);
    this.address = site.service().addressOf(index);
    this.restartPolicy = new RestartPolicy(random);
    this.since = site.clock().instant();
  }

  /* ---- What others see ---- */

  RunnerState state() {
    return state;
  }

  /** Whether it may get requests; also while its next generation takes over an open port. */
  boolean available() {
    return state == RunnerState.READY || (takesOver && state == RunnerState.STARTING);
  }

  /** Whether its generation is being replaced by one that is not ready yet. */
  boolean renewing() {
    return renewing;
  }

  /** Whether it runs code that a new start would better. */
  boolean runsSlowCode() {
    RunnerHandle running = handle;
    if (running == null || ending != Ending.NONE) {
      return false;
    }
    String code = running.usage().code();
    return !code.equals("compiled") && !code.equals("native");
  }

  RouteUpstream upstream() {
    return new RouteUpstream(id, generation, address, available());
  }

  RunnerStatus status() {
    return new RunnerStatus(
        id,
        address,
        state,
        since,
        generation,
        Math.max(0, generation - 1),
        Optional.ofNullable(startedAt),
        Optional.ofNullable(nextStartAt),
        usage.memoryBytes(),
        handle == null
            ? Launching.memoryLimitBytes(site.service(), site.options())
            : usage.memoryLimitBytes(),
        usage.cpu(),
        usage.code(),
        Optional.ofNullable(lastProbe),
        Optional.ofNullable(lastExit));
  }

  /* ---- Start ---- */

  /** Starts the next generation. */
  void start() {
    boolean checkPort = !portKept;
    portKept = false;
    long current = ++generation;
    ending = Ending.NONE;
    passes = 0;
    failures = 0;
    healthyFor = Duration.ZERO;
    nextStartAt = null;
    lastProbe = null;
    startedAt = site.clock().instant();
    LoggedOutput sink = new LoggedOutput(site.log(), id.index());
    output = sink;
    enter(RunnerState.STARTING);
    RunnerSpec spec =
        new RunnerSpec(
            id,
            site.service().module(),
            address,
            GuestEnvironment.of(site.service(), id.index(), site.options().runnerBaseUrl()),
            Launching.memoryLimitBytes(site.service(), site.options()));
    site.actor()
        .offload(
            () -> {
              if (checkPort) {
                PortCheck.requireFree(address);
              }
              return site.launcher().start(spec, sink);
            },
            started -> launched(current, started),
            failure -> ended(current, ExitCauses.ofFailedStart(failure, site.clock())));
  }

  private void launched(long current, RunnerHandle started) {
    handle = started;
    started.exit().thenAccept(exit -> site.actor().execute(() -> ended(current, exit)));
    if (ending == Ending.STOPPED) {
      started.stop();
      return;
    }
    site.events().about(id, Severity.INFO, "runner.started", "started on port " + address.port());
    Probing probes =
        new Probing(
            site.actor(),
            site.clock(),
            site.probe(),
            site.service().health(),
            address,
            result -> probed(current, result));
    probing = probes;
    probes.start();
    timer = site.actor().after(START_LIMIT, () -> startTimedOut(current));
    measure();
    site.changed().run();
  }

  private void startTimedOut(long current) {
    if (current == generation && state == RunnerState.STARTING && ending == Ending.NONE) {
      end(Ending.START_TIMEOUT);
    }
  }

  /* ---- Health ---- */

  private void probed(long current, ProbeStatus result) {
    if (current != generation || handle == null || ending != Ending.NONE) {
      return;
    }
    lastProbe = result;
    passes = result.healthy() ? passes + 1 : 0;
    failures = result.healthy() ? 0 : failures + 1;
    if (passes >= site.service().health().healthyAfter() && state != RunnerState.READY) {
      ready();
    } else if (failures >= site.service().health().unhealthyAfter() && state == RunnerState.READY) {
      enter(RunnerState.UNHEALTHY);
      site.events()
          .about(
              id,
              Severity.WARNING,
              "runner.unhealthy",
              "unhealthy, gets no requests: " + result.detail());
    } else {
      site.metered().run();
    }
  }

  private void ready() {
    boolean first = state == RunnerState.STARTING;
    timer.cancel();
    renewing = false;
    takesOver = false;
    Instant began = startedAt;
    String message =
        first && began != null
            ? "ready after " + Durations.describe(Duration.between(began, site.clock().instant()))
            : "healthy again";
    site.events().about(id, Severity.INFO, "runner.ready", message);
    enter(RunnerState.READY);
  }

  /** Somebody could not use this generation: look at once. */
  void suspected(long suspectedGeneration) {
    Instant now = site.clock().instant();
    Instant before = suspectedAt;
    boolean soon = before != null && now.isBefore(before.plus(SUSPICION_PAUSE));
    Probing probes = probing;
    if (suspectedGeneration == generation && probes != null && !soon) {
      suspectedAt = now;
      probes.probeNow();
    }
  }

  /** Reads what it uses, and finds out whether it hangs. */
  void measure() {
    RunnerHandle running = handle;
    if (running == null) {
      return;
    }
    RunnerUsage now = running.usage();
    boolean refused = now.memoryRefusals() > usage.memoryRefusals();
    boolean differs = !now.equals(usage);
    usage = now;
    if (refused) {
      site.events()
          .about(
              id,
              Severity.WARNING,
              "runner.memory_refused",
              "was refused more memory: it has "
                  + (now.memoryBytes() >> 20)
                  + " of "
                  + (now.memoryLimitBytes() >> 20)
                  + " MiB");
    }
    if (state == RunnerState.UNHEALTHY
        && ending == Ending.NONE
        && now.idle().compareTo(HUNG_AFTER) > 0) {
      end(Ending.HUNG);
    } else if (differs) {
      site.metered().run();
    }
  }

  /* ---- End ---- */

  /** Ends this generation after a while without new requests, and starts the next at once. */
  void replace(Duration drain) {
    if (handle == null || ending != Ending.NONE) {
      return;
    }
    long current = generation;
    ending = Ending.REPLACED;
    renewing = true;
    takesOver = drain.isZero() && state == RunnerState.READY;
    timer.cancel();
    if (drain.isZero()) {
      handOver(current);
      return;
    }
    enter(RunnerState.DRAINING);
    timer = site.actor().after(drain, () -> handOver(current));
  }

  private void handOver(long current) {
    RunnerHandle running = handle;
    if (current == generation && running != null && ending == Ending.REPLACED) {
      portKept = true;
      stopProbing();
      running.handOver();
      expectEnd(current);
    }
  }

  /** Ends it for good; completes when it has ended, or after the limit. */
  CompletionStage<Void> stop() {
    CompletableFuture<Void> known = stopped;
    if (known != null) {
      return known;
    }
    CompletableFuture<Void> completion = new CompletableFuture<>();
    stopped = completion;
    boolean starting = handle == null && state == RunnerState.STARTING;
    ending = Ending.STOPPED;
    renewing = false;
    takesOver = false;
    timer.cancel();
    stopProbing();
    if (handle == null && !starting) {
      nextStartAt = null;
      enter(RunnerState.STOPPED);
      completion.complete(null);
      return completion;
    }
    enter(RunnerState.DRAINING);
    if (handle != null) {
      handle.stop();
    }
    long current = generation;
    site.actor()
        .after(
            STOP_LIMIT,
            () -> {
              if (current == generation && completion.complete(null)) {
                site.events()
                    .about(
                        id,
                        Severity.ERROR,
                        "runner.stop_timeout",
                        "did not end within " + Durations.describe(STOP_LIMIT));
              }
            });
    return completion;
  }

  private void end(Ending reason) {
    RunnerHandle running = handle;
    if (running != null) {
      ending = reason;
      timer.cancel();
      stopProbing();
      running.stop();
      expectEnd(generation);
    }
  }

  private void expectEnd(long current) {
    timer =
        site.actor()
            .after(
                STOP_LIMIT,
                () -> {
                  if (current == generation && handle != null) {
                    site.events()
                        .about(
                            id,
                            Severity.ERROR,
                            "runner.stop_timeout",
                            "was stopped and still runs; its port stays taken until it ends");
                  }
                });
  }

  private void ended(long current, RunnerExit exit) {
    if (current != generation || state == RunnerState.STOPPED) {
      return;
    }
    noteHealthyTime();
    Ending reason = ending;
    ending = Ending.NONE;
    timer.cancel();
    stopProbing();
    LoggedOutput sink = output;
    if (sink != null) {
      sink.end();
    }
    handle = null;
    startedAt = null;
    usage = NO_USAGE;
    RunnerExit classified = classify(exit, reason);
    lastExit = classified;
    switch (reason) {
      case STOPPED -> stoppedFor(classified);
      case REPLACED -> start();
      default -> startAgainLater(classified);
    }
  }

  private void stoppedFor(RunnerExit exit) {
    enter(RunnerState.STOPPED);
    site.events().about(id, Severity.INFO, "runner.exited", "stopped: " + exit.detail());
    CompletableFuture<Void> completion = stopped;
    if (completion != null) {
      completion.complete(null);
    }
  }

  private void startAgainLater(RunnerExit exit) {
    renewing = false;
    takesOver = false;
    boolean looped = restartPolicy.crashLoop();
    Duration pause = restartPolicy.pauseAfterExit(site.clock().instant(), healthyFor);
    nextStartAt = site.clock().instant().plus(pause);
    boolean loops = restartPolicy.crashLoop();
    long current = generation;
    timer =
        site.actor()
            .after(
                pause,
                () -> {
                  if (current == generation && stopped == null) {
                    start();
                  }
                });
    enter(loops ? RunnerState.CRASH_LOOP : RunnerState.BACKOFF);
    site.events()
        .about(
            id,
            Severity.ERROR,
            "runner.exited",
            "ended, " + exit.cause().key() + ": " + exit.detail());
    String next = "starts again in " + Durations.describe(pause);
    if (loops && !looped) {
      site.events()
          .about(
              id,
              Severity.ERROR,
              "runner.crash_loop",
              "ended more than "
                  + RestartPolicy.MOST_EXITS
                  + " times in "
                  + Durations.describe(RestartPolicy.PERIOD)
                  + "; "
                  + next);
    } else {
      site.events().about(id, Severity.WARNING, "runner.backoff", next);
    }
  }

  private RunnerExit classify(RunnerExit exit, Ending reason) {
    return switch (reason) {
      case HUNG ->
          new RunnerExit(
              exit.at(),
              ExitCause.HUNG,
              "no call to the host for more than "
                  + Durations.describe(HUNG_AFTER)
                  + ", and failed probes");
      case START_TIMEOUT ->
          new RunnerExit(
              exit.at(),
              ExitCause.START_TIMEOUT,
              "not healthy within " + Durations.describe(START_LIMIT) + lastProbeDetail());
      case REPLACED ->
          new RunnerExit(exit.at(), ExitCause.STOPPED, "replaced, its code is compiled now");
      default -> exit;
    };
  }

  private String lastProbeDetail() {
    ProbeStatus probe = lastProbe;
    return probe == null ? "" : "; last probe: " + probe.detail();
  }

  private void stopProbing() {
    Probing probes = probing;
    if (probes != null) {
      probes.cancel();
      probing = null;
    }
  }

  private void noteHealthyTime() {
    if (state == RunnerState.READY) {
      healthyFor = Duration.between(since, site.clock().instant());
    }
  }

  private void enter(RunnerState next) {
    noteHealthyTime();
    state = next;
    since = site.clock().instant();
    site.changed().run();
  }
}
