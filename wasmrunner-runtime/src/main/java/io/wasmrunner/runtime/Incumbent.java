package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.runtime.Generation.Ending;
import io.wasmrunner.spi.RunnerUsage;
import java.time.Duration;
import java.time.Instant;

/**
 * The generation that has a runner's place, and the state that the runner is in by it: starts it,
 * judges its probes, ends it. Lives on the actor.
 */
final class Incumbent implements Generation.Watcher {
  private final RunnerId id;
  private final RunnerNews news;
  private final Owner owner;
  private RunnerSite site;
  private RunnerState state = RunnerState.STOPPED;
  private Instant since;
  private Generation generation;
  private long number;
  private long lastNumber;
  private Actor.Timer timer = Actor.Timer.NONE;
  private Duration healthyFor = Duration.ZERO;
  private String hung = "";
  private boolean doesNotEnd;

  /** Decides what follows. */
  interface Owner {
    /** It is ready, and was not before. */
    void ready();

    /** It has ended. */
    void ended(RunnerExit exit, Ending reason);

    /** It was to end, and has not within {@link Runner#STOP_LIMIT}. */
    void doesNotEnd();
  }

  Incumbent(RunnerSite site, RunnerId id, RunnerNews news, Owner owner) {
    this.site = site;
    this.id = id;
    this.news = news;
    this.owner = owner;
    this.since = site.clock().instant();
    this.generation = new Generation(site, id, site.service().addressOf(id.index()), this);
  }

  /* ---- What others see ---- */

  /** The version that the runner is of. */
  RunnerSite site() {
    return site;
  }

  RunnerState state() {
    return state;
  }

  /** Since when it is in its state. */
  Instant since() {
    return since;
  }

  Generation generation() {
    return generation;
  }

  /** Number of the generation; 0 when there was none yet. */
  long number() {
    return number;
  }

  /** How long it was healthy without a break, at last. */
  Duration healthyFor() {
    return healthyFor;
  }

  /** Whether it runs, and nobody has told it to end. */
  boolean serves() {
    return generation.running() && generation.ending() == Ending.NONE;
  }

  /** Whether it was to end, and has not within {@link Runner#STOP_LIMIT}. */
  boolean doesNotEnd() {
    return doesNotEnd;
  }

  /* ---- One follows the other ---- */

  /** The runner is of this version; a generation that is there stays. */
  void becomes(RunnerSite version) {
    site = version;
  }

  /** The number of a generation that comes now. */
  long takeNumber() {
    return ++lastNumber;
  }

  /**
   * Starts the next generation.
   *
   * @param portKept the one before left the port open for it
   */
  void start(boolean portKept) {
    number = takeNumber();
    doesNotEnd = false;
    healthyFor = Duration.ZERO;
    generation = new Generation(site, id, site.service().addressOf(id.index()), this);
    enter(RunnerState.STARTING);
    generation.launch(portKept);
  }

  /** A generation that is ready and has the port is the runner's from now on. */
  void succeededBy(Standby ready) {
    timer.cancel();
    site = ready.site();
    generation = ready.generation();
    number = ready.number();
    doesNotEnd = false;
    generation.watchedBy(this);
  }

  /** Somebody else looks after its generation from now on. */
  void vacate() {
    generation = new Generation(site, id, generation.address(), this);
  }

  /* ---- Its state ---- */

  void enter(RunnerState next) {
    noteHealthyTime();
    state = next;
    since = site.clock().instant();
    changed();
  }

  /** Something about it changed. */
  void changed() {
    site.surroundings().changed().run();
  }

  /** Does something later, unless something else comes before; one thing at a time. */
  void after(Duration delay, Runnable action) {
    timer = site.actor().after(delay, action);
  }

  /** Does not do it. */
  void cancelTimer() {
    timer.cancel();
  }

  private void noteHealthyTime() {
    if (state == RunnerState.READY) {
      healthyFor = Duration.between(since, site.clock().instant());
    }
  }

  /* ---- Its end ---- */

  /** Ends it, unless it is being ended. */
  void end(Ending reason) {
    if (generation.ending() == Ending.NONE) {
      generation.mark(reason);
      endNow();
    }
  }

  /** Ends it, which it was marked for. */
  void endNow() {
    generation.stop();
    timer.cancel();
    after(
        Runner.STOP_LIMIT,
        () -> {
          doesNotEnd = true;
          news.doesNotEnd();
          owner.doesNotEnd();
        });
  }

  /* ---- What is seen of it ---- */

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
      HangCheck.of(site, generation)
          .ifPresent(
              how -> {
                hung = how;
                end(Ending.HUNG);
              });
    }
  }

  @Override
  public void launched() {
    news.started(generation.address().port());
    after(
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
      news.readyAfter(Duration.between(generation.startedAt(), site.clock().instant()));
      enter(RunnerState.READY);
      owner.ready();
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
    doesNotEnd = false;
    noteHealthyTime();
    owner.ended(ExitCauses.ofEnding(seen, site, generation, hung), generation.ending());
  }
}
