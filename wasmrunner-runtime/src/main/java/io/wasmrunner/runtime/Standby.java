package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.runtime.Generation.Ending;
import io.wasmrunner.spi.RunnerUsage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A generation that is started beside the one that serves, and gets its place once it is ready.
 * Lives on the actor.
 */
final class Standby implements Generation.Watcher {
  private final RunnerSite site;
  private final long number;
  private final Generation generation;
  private final Supplier<Generation> predecessor;
  private final Goal goal;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Actor.Timer timer = Actor.Timer.NONE;
  private boolean decided;
  private boolean takesOver;
  private boolean cancelled;

  /** Hears once how it went. */
  interface Goal {
    /** It has the port, and is ready. */
    void tookOver(Standby standby);

    /** It has ended, or is being ended. */
    void failed(RunnerExit exit);
  }

  /**
   * A generation beside another.
   *
   * @param number of the generation
   * @param address where it is to listen
   * @param predecessor the generation that is there, when it is asked for
   */
  Standby(
      RunnerSite site,
      RunnerId id,
      long number,
      RunnerAddress address,
      Supplier<Generation> predecessor,
      Goal goal) {
    this.site = site;
    this.number = number;
    this.predecessor = predecessor;
    this.goal = goal;
    this.generation = new Generation(site, id, address, this);
  }

  RunnerSite site() {
    return site;
  }

  long number() {
    return number;
  }

  Generation generation() {
    return generation;
  }

  void start() {
    timer =
        site.actor()
            .after(
                site.restart().startTimeout(),
                () -> fail(ExitCause.START_TIMEOUT, StartTimeout.describe(site, generation)));
    if (generation.address().equals(predecessor.get().address())) {
      generation.launchBeside();
    } else {
      generation.launch(false);
    }
  }

  /** Whether it is getting the port just now. */
  boolean takesOver() {
    return takesOver;
  }

  /**
   * Ends it, when it is getting the port as soon as it has it. Not for one that has taken over.
   * Completes when it has ended.
   */
  CompletionStage<Void> cancel() {
    timer.cancel();
    cancelled = true;
    if (!decided) {
      decided = true;
      end();
    }
    return ended;
  }

  private void end() {
    generation.mark(Ending.STOPPED);
    generation.stop();
  }

  private void fail(ExitCause cause, String detail) {
    if (!decided) {
      cancel();
      goal.failed(new RunnerExit(site.clock().instant(), cause, detail));
    }
  }

  @Override
  public void passing() {
    if (decided) {
      return;
    }
    decided = true;
    timer.cancel();
    if (!generation.address().equals(predecessor.get().address())) {
      goal.tookOver(this);
      return;
    }
    takesOver = true;
    generation
        .takeOver(predecessor.get())
        .whenComplete((nothing, failure) -> site.actor().execute(() -> tookOver(failure)));
  }

  private void tookOver(@Nullable Throwable failure) {
    takesOver = false;
    if (cancelled) {
      end();
    } else if (failure == null) {
      goal.tookOver(this);
    } else {
      decided = false;
      fail(
          ExitCause.ENGINE_FAILURE,
          "it could not take over the port: " + Failures.explain(failure));
    }
  }

  @Override
  public void ended(RunnerExit exit) {
    timer.cancel();
    ended.complete(null);
    if (!decided) {
      decided = true;
      goal.failed(exit);
    }
  }

  @Override
  public void launched() {
    // Its readiness counts.
  }

  @Override
  public void failing(String detail) {
    // It has until the limit of its start.
  }

  @Override
  public void figuresChanged() {
    // Nobody sees it yet.
  }

  @Override
  public void memoryRefused(RunnerUsage usage) {
    // Told when it ends of that.
  }

  @Override
  public void descriptorRefused(RunnerUsage usage) {
    // Told when it ends of that.
  }
}
