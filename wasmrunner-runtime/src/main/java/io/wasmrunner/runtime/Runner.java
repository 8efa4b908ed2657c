package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.runtime.Generation.Ending;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One runner through all its generations: starts it, judges what is seen of it, starts it again
 * when it has ended, and replaces it by another version. Lives on the actor.
 */
final class Runner implements Generation.Watcher, Standby.Goal {
  static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final RunnerId id;
  private final RestartPolicy restartPolicy;
  private final RunnerNews news;
  private final Past past = new Past();
  private final List<Draining> draining = new ArrayList<>();

  private RunnerSite site;
  private RunnerState state = RunnerState.STOPPED;
  private Instant since;
  private Generation generation;
  private long number;
  private long lastNumber;
  private long restarts;
  private Actor.Timer timer = Actor.Timer.NONE;
  private Duration healthyFor = Duration.ZERO;
  private String hung = "";
  private boolean wanted;
  private boolean takesOver;
  private @Nullable RunnerSite nextSite;
  private @Nullable Standby standby;
  private @Nullable CompletableFuture<Optional<RunnerExit>> replaced;
  private @Nullable Instant nextStartAt;
  private @Nullable RunnerExit lastExit;
  private @Nullable CompletableFuture<Void> stopped;
  private Runnable afterStop = () -> {};

  Runner(RunnerSite site, int index, RandomGenerator random) {
    this.site = site;
    this.id = new RunnerId(site.service().name(), index);
    this.restartPolicy = new RestartPolicy(site.restart(), random);
    this.news = new RunnerNews(id, site.surroundings().events());
    this.since = site.clock().instant();
    this.generation = new Generation(site, id, ownAddress(site), this);
  }

  /* ---- What others see ---- */

  RunnerId id() {
    return id;
  }

  RunnerState state() {
    return state;
  }

  /** Number of the generation that serves. */
  long number() {
    return number;
  }

  /** Whether it may get requests; also while its next generation takes over an open port. */
  boolean available() {
    return state == RunnerState.READY || (takesOver && state == RunnerState.STARTING);
  }

  /** Whether its generation is being replaced. */
  boolean renewing() {
    return replaced != null;
  }

  /** Whether it is to run: it was started, and not stopped on purpose since. */
  boolean wanted() {
    return wanted;
  }

  /** Whether its generation is of this version, or is to be. */
  boolean runs(RunnerSite version) {
    RunnerSite next = nextSite;
    return (next == null ? site : next).sameVersion(version);
  }

  /** Whether any generation of it is of this version. */
  boolean uses(RunnerSite version) {
    Standby beside = standby;
    return runs(version)
        || site.sameVersion(version)
        || (beside != null && beside.site().sameVersion(version))
        || draining.stream().anyMatch(drain -> drain.site().sameVersion(version));
  }

  /** Whether it runs code that a new start would better. */
  boolean runsSlowCode() {
    return generation.ending() == Ending.NONE && generation.runsSlowCode();
  }

  RouteUpstream upstream() {
    return new RouteUpstream(id, number, generation.address(), available());
  }

  RunnerStatus status() {
    RunnerUsage usage = generation.usage();
    boolean running = generation.running();
    return new RunnerStatus(
        id,
        generation.address(),
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
        Optional.ofNullable(lastExit),
        past.generations(),
        draining.size());
  }

  /* ---- Commands ---- */

  /** Starts it, unless it runs or is about to; a pause before the next start is cut short. */
  void start() {
    wanted = true;
    CompletableFuture<Void> ending = stopped;
    boolean rests =
        state == RunnerState.BACKOFF
            || state == RunnerState.CRASH_LOOP
            || state == RunnerState.STOPPED;
    if (ending != null) {
      afterStop = this::start;
    } else if (rests) {
      timer.cancel();
      restartPolicy.beginAnew(site.restart());
      start(false);
    }
  }

  /** Other settings, none of which needs a new start. */
  void configure(RunnerSite next) {
    site = next;
  }

  /**
   * Replaces this generation by one of a version, which may be the same: beside it where the
   * launcher can, else in its place.
   *
   * @param othersServe whether other runners take new requests meanwhile; without, a generation
   *     that is replaced in place goes on taking them and hands its port over in a quiet moment
   * @return completes with nothing when the new one is ready, or with the reason why not; a runner
   *     that does not run only takes the version
   */
  CompletionStage<Optional<RunnerExit>> replace(RunnerSite next, boolean othersServe) {
    if (!wanted()) {
      site = next;
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<RunnerExit>> result = new CompletableFuture<>();
    finishReplacing(Optional.of(superseded()));
    replaced = result;
    switch (state) {
      case READY, UNHEALTHY -> {
        if (generation.running() && generation.ending() == Ending.NONE) {
          replaceRunning(next, othersServe);
        } else {
          nextSite = next; // it is ending; what follows is of this version
        }
      }
      case BACKOFF, CRASH_LOOP -> {
        site = next;
        start();
      }
      default -> {
        nextSite = next;
        if (generation.ending() == Ending.NONE) {
          generation.mark(Ending.REPLACED);
          endNow();
        }
      }
    }
    return result;
  }

  private void replaceRunning(RunnerSite next, boolean othersServe) {
    RunnerAddress address = nextAddress(next);
    boolean samePlace = address.equals(generation.address());
    if (!samePlace || next.launcher().startsBeside()) {
      standby = new Standby(next, id, ++lastNumber, address, () -> generation, this);
      standby.start();
    } else {
      replaceInPlace(next, othersServe);
    }
  }

  private void replaceInPlace(RunnerSite next, boolean othersServe) {
    nextSite = next;
    generation.mark(Ending.REPLACED);
    timer.cancel();
    takesOver = !othersServe && generation.keepsPort();
    if (othersServe) {
      enter(RunnerState.DRAINING);
    }
    Quiet.await(
        site,
        id,
        number,
        () -> generation.running() && generation.ending() == Ending.REPLACED && stopped == null,
        this::endNow);
  }

  /**
   * Ends it for good; completes when it has ended, or after the limit.
   *
   * @param drained whether requests under way may end before
   */
  CompletionStage<Void> stop(boolean drained) {
    wanted = false;
    afterStop = () -> {};
    CompletableFuture<Void> known = stopped;
    if (known != null) {
      if (!drained) {
        draining.forEach(Draining::hurry);
      }
      return known;
    }
    CompletableFuture<Void> completion = new CompletableFuture<>();
    stopped = completion;
    finishReplacing(Optional.of(superseded()));
    takesOver = false;
    nextStartAt = null;
    timer.cancel();
    CompletionStage<Void> others = endOthers();
    if (drained && generation.running() && generation.ending() == Ending.NONE) {
      drain(site, number, generation);
      generation = new Generation(site, id, generation.address(), this);
      enter(RunnerState.DRAINING);
      draining.get(draining.size() - 1).ended().thenRun(() -> endOthers().thenRun(this::stopped));
      return completion;
    }
    if (!generation.running() && state != RunnerState.STARTING) {
      others.thenRun(this::stopped);
      return completion;
    }
    generation.mark(Ending.STOPPED);
    enter(RunnerState.DRAINING);
    endNow();
    return completion;
  }

  private void stopped() {
    enter(RunnerState.STOPPED);
    tellStopped();
  }

  private void tellStopped() {
    CompletableFuture<Void> waiting = stopped;
    stopped = null;
    if (waiting != null) {
      waiting.complete(null);
    }
    Runnable after = afterStop;
    afterStop = () -> {};
    after.run();
  }

  /** Ends what is there beside the present generation. */
  private CompletionStage<Void> endOthers() {
    Standby beside = standby;
    standby = null;
    return CompletableFuture.allOf(
        Stream.concat(
                Stream.ofNullable(beside).map(Standby::cancel),
                List.copyOf(draining).stream().map(Draining::hurry))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new));
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
    if (state == RunnerState.UNHEALTHY) {
      HangCheck.of(site, generation).ifPresent(this::hang);
    }
  }

  private void hang(String how) {
    hung = how;
    end(Ending.HUNG);
  }

  /* ---- What happens to the generation ---- */

  @Override
  public void launched() {
    news.started(generation.address().port());
    timer =
        site.actor()
            .after(
                site.restart().startTimeout(),
                () -> {
                  if (state == RunnerState.STARTING) {
                    end(Ending.START_TIMEOUT);
                  }
                });
    changed();
  }

  @Override
  public void passing() {
    if (state == RunnerState.STARTING) {
      timer.cancel();
      takesOver = false;
      news.readyAfter(Duration.between(generation.startedAt(), site.clock().instant()));
      enter(RunnerState.READY);
      finishReplacing(Optional.empty());
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
    site.surroundings().metered().run();
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
    past.add(number, exit, generation.recentLines());
    switch (reason) {
      case STOPPED -> {
        news.stopped(exit);
        stopped();
      }
      case REPLACED -> {
        news.replaced(exit);
        start(exit.cause() == ExitCause.STOPPED && generation.keepsPort());
      }
      case NONE, HUNG, START_TIMEOUT -> {
        news.exited(exit);
        if (standby == null && nextSite == null) {
          finishReplacing(Optional.of(exit));
        }
        if (renewing() || site.restart().restarts(exit.cause())) {
          startLater();
        } else {
          wanted = false;
          takesOver = false;
          news.staysStopped(site.restart().policy());
          enter(RunnerState.STOPPED);
        }
      }
    }
  }

  /* ---- What happens to a generation beside ---- */

  @Override
  public void tookOver(Standby ready) {
    if (standby != ready) {
      return;
    }
    standby = null;
    timer.cancel();
    nextStartAt = null;
    takesOver = false;
    Generation before = generation;
    RunnerSite siteBefore = site;
    long numberBefore = number;
    site = ready.site();
    generation = ready.generation();
    number = ready.number();
    generation.watchedBy(this);
    restartPolicy.beginAnew(site.restart());
    if (before.running()) {
      drain(siteBefore, numberBefore, before);
    }
    news.replaces(number);
    generation.measure();
    enter(RunnerState.READY);
    finishReplacing(Optional.empty());
  }

  @Override
  public void failed(RunnerExit exit) {
    Standby failed = standby;
    if (failed == null) {
      return;
    }
    standby = null;
    past.add(failed.number(), exit, failed.generation().recentLines());
    boolean inPlace =
        exit.cause() == ExitCause.MEMORY_LIMIT
            && generation.running()
            && generation.ending() == Ending.NONE;
    if (inPlace) { // there is no room for two at a time
      replaceInPlace(failed.site(), false);
    } else {
      finishReplacing(Optional.of(exit));
    }
  }

  private void drain(RunnerSite of, long drained, Generation old) {
    Draining drain = new Draining(of, id, drained, old, this::drained);
    draining.add(drain);
    drain.begin();
  }

  private void drained(Draining drain, RunnerExit exit) {
    draining.remove(drain);
    past.add(drain.number(), exit, drain.generation().recentLines());
    news.drained(drain.number(), exit);
    changed();
  }

  /* ---- Inside ---- */

  private void start(boolean portKept) {
    RunnerSite next = nextSite;
    if (next != null) {
      nextSite = null;
      site = next;
      restartPolicy.beginAnew(next.restart());
    }
    number = ++lastNumber;
    healthyFor = Duration.ZERO;
    nextStartAt = null;
    generation = new Generation(site, id, ownAddress(site), this);
    enter(RunnerState.STARTING);
    generation.launch(portKept);
  }

  private void startLater() {
    takesOver = false;
    boolean loopedBefore = restartPolicy.crashLoop();
    Instant now = site.clock().instant();
    Duration pause = restartPolicy.pauseAfterExit(now, healthyFor);
    boolean loops = restartPolicy.crashLoop();
    if (loops && !loopedBefore) {
      news.loops(pause, site.restart());
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
                  tellStopped();
                });
  }

  private void finishReplacing(Optional<RunnerExit> result) {
    CompletableFuture<Optional<RunnerExit>> waiting = replaced;
    replaced = null;
    if (waiting != null) {
      waiting.complete(result);
      changed();
    }
  }

  private RunnerExit superseded() {
    return new RunnerExit(
        site.clock().instant(), ExitCause.STOPPED, "another command came meanwhile");
  }

  private RunnerExit classified(RunnerExit exit, Ending reason) {
    return switch (reason) {
      case HUNG -> new RunnerExit(exit.at(), ExitCause.HUNG, hung + ", and failed probes");
      case START_TIMEOUT ->
          new RunnerExit(
              exit.at(), ExitCause.START_TIMEOUT, StartTimeout.describe(site, generation));
      case REPLACED ->
          exit.cause() == ExitCause.STOPPED
              ? new RunnerExit(exit.at(), exit.cause(), "replaced by the next generation")
              : exit;
      case NONE, STOPPED -> exit;
    };
  }

  private RunnerAddress ownAddress(RunnerSite of) {
    return of.service().addressOf(id.index());
  }

  /** Where the next generation is to listen, when this one goes on meanwhile. */
  private RunnerAddress nextAddress(RunnerSite next) {
    RunnerAddress own = ownAddress(next);
    boolean taken = own.equals(generation.address());
    return next.launcher().startsBeside() || !taken
        ? own
        : next.service().lifecycle().deploy().surgePorts().stream()
            .mapToObj(first -> new RunnerAddress(own.host(), first + id.index()))
            .findFirst()
            .orElse(own);
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
    changed();
  }

  private void changed() {
    site.surroundings().changed().run();
  }
}
