package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.runtime.Generation.Ending;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One runner through all its generations: starts it, judges what is seen of it, starts it again
 * when it has ended. Lives on the actor.
 */
final class Runner implements Generation.Watcher {
  static final Duration START_LIMIT = Duration.ofSeconds(60);
  static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  static final Duration HUNG_AFTER = Duration.ofSeconds(10);

  /** Interpreted code takes seconds for what compiled code does in milliseconds. */
  static final Duration HUNG_AFTER_INTERPRETED = Duration.ofSeconds(60);

  /** A call of the host may wait for another service, and that for as long as a request may. */
  static final Duration HUNG_WAITING = Duration.ofSeconds(60);

  /** Requests under way get this long when a runner is replaced. */
  static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

  static final Duration QUIET_CHECK = Duration.ofMillis(200);

  private final RunnerSite site;
  private final RunnerId id;
  private final RestartPolicy restartPolicy;
  private final RunnerNews news;

  private RunnerState state = RunnerState.STOPPED;
  private Instant since;
  private Generation generation;
  private long number;
  private long restarts;
  private Actor.Timer timer = Actor.Timer.NONE;
  private Duration healthyFor = Duration.ZERO;
  private String hung = "";
  private boolean renewing;
  private boolean takesOver;
  private @Nullable Instant nextStartAt;
  private @Nullable RunnerExit lastExit;
  private @Nullable CompletableFuture<Void> stopped;

  Runner(RunnerSite site, int index, RandomGenerator random) {
    this.site = site;
    this.id = new RunnerId(site.service().name(), index);
    this.restartPolicy = new RestartPolicy(random);
    this.news = new RunnerNews(id, site.events());
    this.since = site.clock().instant();
    this.generation = new Generation(site, id, this);
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
    return generation.ending() == Ending.NONE && generation.runsSlowCode();
  }

  RouteUpstream upstream() {
    return new RouteUpstream(id, number, site.service().addressOf(id.index()), available());
  }

  RunnerStatus status() {
    RunnerUsage usage = generation.usage();
    boolean running = generation.running();
    return new RunnerStatus(
        id,
        site.service().addressOf(id.index()),
        state,
        since,
        number,
        restarts,
        running || state == RunnerState.STARTING
            ? Optional.of(generation.startedAt())
            : Optional.empty(),
        Optional.ofNullable(nextStartAt),
        usage.memoryBytes(),
        running
            ? usage.memoryLimitBytes()
            : Launching.memoryLimitBytes(site.service(), site.options()),
        usage.memoryRefusals(),
        usage.cpu(),
        usage.code(),
        usage.activity(),
        generation.droppedLines(),
        running ? generation.lastProbe() : Optional.empty(),
        Optional.ofNullable(lastExit));
  }

  /* ---- Commands ---- */

  /** Starts it for the first time. */
  void start() {
    start(false);
  }

  /**
   * Ends this generation when its requests are over, or after the limit, and starts the next at
   * once.
   *
   * @param othersServe whether other runners take new requests meanwhile; without, it goes on
   *     taking them itself and hands its port over in a quiet moment
   */
  void replace(boolean othersServe) {
    if (!generation.running() || generation.ending() != Ending.NONE) {
      return;
    }
    generation.mark(Ending.REPLACED);
    renewing = true;
    timer.cancel();
    if (state == RunnerState.STARTING) {
      endNow();
      return;
    }
    takesOver = !othersServe && generation.keepsPort();
    if (othersServe) {
      enter(RunnerState.DRAINING);
    }
    awaitQuiet(number, site.clock().instant().plus(DRAIN_LIMIT));
  }

  private void awaitQuiet(long awaited, Instant deadline) {
    timer =
        site.actor()
            .after(
                QUIET_CHECK,
                () ->
                    site.requests()
                        .ask(id, awaited)
                        .whenComplete(
                            (requests, failure) ->
                                site.actor().execute(() -> heardOf(awaited, deadline, requests))));
  }

  private void heardOf(long awaited, Instant deadline, @Nullable Integer requests) {
    boolean current =
        awaited == number
            && generation.running()
            && generation.ending() == Ending.REPLACED
            && stopped == null;
    if (!current) {
      return;
    }
    boolean busy = requests != null && requests > 0;
    if (busy && site.clock().instant().isBefore(deadline)) {
      awaitQuiet(awaited, deadline);
    } else {
      endNow();
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
    renewing = false;
    takesOver = false;
    nextStartAt = null;
    timer.cancel();
    if (!generation.running() && state != RunnerState.STARTING) {
      enter(RunnerState.STOPPED);
      completion.complete(null);
      return completion;
    }
    generation.mark(Ending.STOPPED);
    enter(RunnerState.DRAINING);
    endNow();
    return completion;
  }

  /** Somebody could not use this generation. */
  void suspected(long suspectedGeneration) {
    if (suspectedGeneration == number) {
      generation.suspected();
    }
  }

  /** Reads what it uses, and finds out whether it hangs. */
  void measure() {
    generation.measure();
    RunnerUsage usage = generation.usage();
    if (state != RunnerState.UNHEALTHY) {
      return;
    }
    if (usage.idle().compareTo(hungAfter()) > 0) {
      hang("no call to the host for " + Durations.describe(usage.idle()));
    } else if (usage.waiting().compareTo(hungWaiting()) > 0) {
      hang(
          "it waits in %s for %s"
              .formatted(usage.activity().lastCall(), Durations.describe(usage.waiting())));
    }
  }

  private void hang(String how) {
    hung = how;
    end(Ending.HUNG);
  }

  private Duration hungWaiting() {
    Duration request = site.service().traffic().timeouts().firstByte();
    return request.compareTo(HUNG_WAITING) > 0 ? request : HUNG_WAITING;
  }

  private Duration hungAfter() {
    return generation.runsSlowCode() ? HUNG_AFTER_INTERPRETED : HUNG_AFTER;
  }

  /* ---- What happens to the generation ---- */

  @Override
  public void launched() {
    news.started(site.service().addressOf(id.index()).port());
    timer =
        site.actor()
            .after(
                START_LIMIT,
                () -> {
                  if (state == RunnerState.STARTING) {
                    end(Ending.START_TIMEOUT);
                  }
                });
    site.changed().run();
  }

  @Override
  public void passing() {
    if (state == RunnerState.STARTING) {
      timer.cancel();
      renewing = false;
      takesOver = false;
      news.readyAfter(Duration.between(generation.startedAt(), site.clock().instant()));
      enter(RunnerState.READY);
    } else if (state == RunnerState.UNHEALTHY) {
      news.healthyAgain();
      enter(RunnerState.READY);
    }
  }

  @Override
  public void failing(String detail) {
    if (state == RunnerState.READY) {
      news.unhealthy(detail);
      enter(RunnerState.UNHEALTHY);
    }
  }

  @Override
  public void figuresChanged() {
    site.metered().run();
  }

  @Override
  public void memoryRefused(RunnerUsage usage) {
    news.memoryRefused(usage);
  }

  @Override
  public void descriptorRefused(RunnerUsage usage) {
    news.descriptorRefused(usage);
  }

  @Override
  public void ended(RunnerExit seen) {
    timer.cancel();
    noteHealthyTime();
    Ending reason = generation.ending();
    RunnerExit exit = classified(seen, reason);
    lastExit = exit;
    switch (reason) {
      case STOPPED -> {
        news.stopped(exit);
        enter(RunnerState.STOPPED);
        if (stopped != null) {
          stopped.complete(null);
        }
      }
      case REPLACED -> {
        news.replaced(exit);
        start(exit.cause() == ExitCause.STOPPED && generation.keepsPort());
      }
      case NONE, HUNG, START_TIMEOUT -> {
        news.exited(exit);
        startLater();
      }
    }
  }

  /* ---- Inside ---- */

  private void start(boolean portKept) {
    number++;
    healthyFor = Duration.ZERO;
    nextStartAt = null;
    generation = new Generation(site, id, this);
    enter(RunnerState.STARTING);
    generation.launch(portKept);
  }

  private void startLater() {
    renewing = false;
    takesOver = false;
    boolean loopedBefore = restartPolicy.crashLoop();
    Instant now = site.clock().instant();
    Duration pause = restartPolicy.pauseAfterExit(now, healthyFor);
    boolean loops = restartPolicy.crashLoop();
    if (loops && !loopedBefore) {
      news.loops(pause);
    } else {
      news.startsAgain(pause);
    }
    nextStartAt = now.plus(pause);
    timer =
        site.actor()
            .after(
                pause,
                () -> {
                  restarts++;
                  start(false);
                });
    enter(loops ? RunnerState.CRASH_LOOP : RunnerState.BACKOFF);
  }

  private void end(Ending reason) {
    if (generation.ending() == Ending.NONE) {
      generation.mark(reason);
      endNow();
    }
  }

  private void endNow() {
    generation.stop();
    timer.cancel();
    timer =
        site.actor()
            .after(
                STOP_LIMIT,
                () -> {
                  news.doesNotEnd();
                  if (stopped != null) {
                    stopped.complete(null);
                  }
                });
  }

  private RunnerExit classified(RunnerExit exit, Ending reason) {
    return switch (reason) {
      case HUNG -> new RunnerExit(exit.at(), ExitCause.HUNG, hung + ", and failed probes");
      case START_TIMEOUT ->
          new RunnerExit(
              exit.at(),
              ExitCause.START_TIMEOUT,
              "not healthy within "
                  + Durations.describe(START_LIMIT)
                  + generation
                      .lastProbe()
                      .map(ProbeStatus::detail)
                      .map(detail -> "; last probe: " + detail)
                      .orElse(""));
      case REPLACED ->
          exit.cause() == ExitCause.STOPPED
              ? new RunnerExit(exit.at(), exit.cause(), "replaced, its code is compiled now")
              : exit;
      case NONE, STOPPED -> exit;
    };
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
