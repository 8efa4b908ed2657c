package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.runtime.Generation.Ending;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One runner through all its generations: starts it again when it has ended, replaces it by another
 * version, and does what it is told. Lives on the actor.
 */
final class Runner implements Incumbent.Owner, Replacement.Owner {
  static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final RunnerId id;
  private final RunnerNews news;
  private final Restarts restarts;
  private final Past past = new Past();
  private final Incumbent incumbent;
  private final Drains drains;
  private final Replacement replacement;
  private boolean wanted;
  private @Nullable RunnerExit lastExit;
  private @Nullable CompletableFuture<Void> stopped;
  private Runnable afterStop = () -> {};

  Runner(RunnerSite site, int index, RandomGenerator random) {
    this.id = new RunnerId(site.service().name(), index);
    this.news = new RunnerNews(id, site.surroundings().events());
    this.restarts = new Restarts(site, news, random);
    this.incumbent = new Incumbent(site, id, news, this);
    this.drains = new Drains(id, past, news, incumbent::changed);
    this.replacement = new Replacement(id, incumbent, this, past);
  }

  /* ---- What others see ---- */

  RunnerId id() {
    return id;
  }

  RunnerState state() {
    return incumbent.state();
  }

  /** Number of the generation that serves. */
  long number() {
    return incumbent.number();
  }

  /** Whether it may get requests; also while its next generation takes over an open port. */
  boolean available() {
    return state() == RunnerState.READY
        || (replacement.takesOver() && state() == RunnerState.STARTING);
  }

  /** Whether its generation is being replaced. */
  boolean renewing() {
    return replacement.underWay();
  }

  /** Whether it is to run: it was started, and not stopped on purpose since. */
  boolean wanted() {
    return wanted;
  }

  /** Whether its generation is of this version, or is to be. */
  boolean runs(RunnerSite version) {
    return replacement.next().orElse(incumbent.site()).sameVersion(version);
  }

  /** Whether any generation of it is of this version. */
  boolean uses(RunnerSite version) {
    return runs(version)
        || incumbent.site().sameVersion(version)
        || replacement.standsBy(version)
        || drains.use(version);
  }

  /** Whether it runs code that a new start would better. */
  boolean runsSlowCode() {
    return incumbent.serves() && incumbent.generation().runsSlowCode();
  }

  RouteUpstream upstream() {
    return new RouteUpstream(id, number(), incumbent.generation().address(), available());
  }

  RunnerStatus status() {
    RunnerSite site = incumbent.site();
    Generation generation = incumbent.generation();
    RunnerUsage usage = generation.usage();
    boolean running = generation.running();
    return new RunnerStatus(
        id,
        generation.address(),
        state(),
        incumbent.since(),
        number(),
        restarts.count(),
        running || state() == RunnerState.STARTING
            ? Optional.of(generation.startedAt())
            : Optional.empty(),
        restarts.nextStartAt(),
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
        drains.count());
  }

  /* ---- Commands ---- */

  /** Starts it, unless it runs or is about to; a pause before the next start is cut short. */
  void start() {
    wanted = true;
    CompletableFuture<Void> ending = stopped;
    boolean rests =
        state() == RunnerState.BACKOFF
            || state() == RunnerState.CRASH_LOOP
            || state() == RunnerState.STOPPED;
    if (ending != null) {
      afterStop = this::start;
    } else if (rests) {
      incumbent.cancelTimer();
      restarts.beginAnew(incumbent.site());
      start(false);
    }
  }

  /** Other settings, none of which needs a new start. */
  void configure(RunnerSite next) {
    incumbent.becomes(next);
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
      incumbent.becomes(next);
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return replacement.begin(next, othersServe);
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
        drains.hurry();
      }
      return known;
    }
    CompletableFuture<Void> completion = new CompletableFuture<>();
    stopped = completion;
    replacement.superseded();
    replacement.portLost();
    restarts.noneWaits();
    incumbent.cancelTimer();
    CompletionStage<Void> others = endOthers();
    if (drained && incumbent.serves()) {
      CompletionStage<Void> drain =
          drains.begin(incumbent.site(), number(), incumbent.generation());
      incumbent.vacate();
      incumbent.enter(RunnerState.DRAINING);
      drain.thenRun(() -> endOthers().thenRun(this::stopped));
      return completion;
    }
    if (!incumbent.generation().running() && state() != RunnerState.STARTING) {
      others.thenRun(this::stopped);
      return completion;
    }
    incumbent.generation().mark(Ending.STOPPED);
    incumbent.enter(RunnerState.DRAINING);
    incumbent.endNow();
    return completion;
  }

  private void stopped() {
    incumbent.enter(RunnerState.STOPPED);
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
    return CompletableFuture.allOf(
        Stream.concat(replacement.cancel().stream(), drains.hurry().stream())
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Somebody could not use this generation. */
  void suspected(long suspectedGeneration) {
    incumbent.suspected(suspectedGeneration);
  }

  /** Reads what it uses, and finds out whether it hangs. */
  void measure() {
    incumbent.measure();
  }

  /* ---- What happens to its generation ---- */

  @Override
  public void ready() {
    replacement.ready();
  }

  @Override
  public void doesNotEnd() {
    replacement.placeStaysTaken();
    tellStopped();
  }

  @Override
  public void ended(RunnerExit exit, Ending reason) {
    lastExit = exit;
    past.add(number(), exit, incumbent.generation().recentLines());
    switch (reason) {
      case STOPPED -> {
        news.stopped(exit);
        stopped();
        if (wanted) {
          start(); // It was to start while it did not end.
        }
      }
      case REPLACED -> {
        news.replaced(exit);
        start(exit.cause() == ExitCause.STOPPED && incumbent.generation().keepsPort());
      }
      case NONE, HUNG, START_TIMEOUT -> {
        news.exited(exit);
        replacement.ended(exit);
        if (renewing() || incumbent.site().restart().restarts(exit.cause())) {
          startLater();
        } else {
          wanted = false;
          replacement.portLost();
          news.staysStopped(incumbent.site().restart().policy());
          incumbent.enter(RunnerState.STOPPED);
        }
      }
    }
  }

  /* ---- Its generation is replaced ---- */

  @Override
  public void startOf(RunnerSite version) {
    incumbent.becomes(version);
    start();
  }

  @Override
  public void giveWay(boolean drained) {
    incumbent.generation().mark(Ending.REPLACED);
    incumbent.cancelTimer();
    if (drained) {
      incumbent.enter(RunnerState.DRAINING);
    }
    Quiet.await(
        incumbent.site(), id, number(), () -> givesWay() && stopped == null, incumbent::endNow);
  }

  private boolean givesWay() {
    Generation generation = incumbent.generation();
    return generation.running() && generation.ending() == Ending.REPLACED;
  }

  @Override
  public void succeededBy(Standby ready) {
    Generation before = incumbent.generation();
    RunnerSite siteBefore = incumbent.site();
    long numberBefore = number();
    incumbent.succeededBy(ready);
    restarts.noneWaits();
    restarts.beginAnew(incumbent.site());
    if (before.running()) {
      drains.begin(siteBefore, numberBefore, before);
    }
    news.replaces(number());
    incumbent.generation().measure();
    incumbent.enter(RunnerState.READY);
  }

  /* ---- It starts again ---- */

  private void start(boolean portKept) {
    replacement
        .takeNext()
        .ifPresent(
            next -> {
              incumbent.becomes(next);
              restarts.beginAnew(next);
            });
    restarts.noneWaits();
    incumbent.start(portKept);
  }

  private void startLater() {
    replacement.portLost();
    incumbent.after(
        restarts.pauseAfterExit(incumbent.site(), incumbent.healthyFor()),
        () -> {
          restarts.startsAgain();
          start(false);
        });
    incumbent.enter(restarts.loops() ? RunnerState.CRASH_LOOP : RunnerState.BACKOFF);
  }
}
