package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.runtime.Generation.Ending;
import io.wasmrunner.spi.RunnerUsage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * A generation that gets no new requests: ends when those it has are over, or after the limit.
 * Lives on the actor.
 */
final class Draining implements Generation.Watcher {
  private final RunnerSite site;
  private final RunnerId id;
  private final long number;
  private final Generation generation;
  private final BiConsumer<Draining, RunnerExit> over;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /**
   * Takes a generation over.
   *
   * @param over told once it has ended
   */
  Draining(
      RunnerSite site,
      RunnerId id,
      long number,
      Generation generation,
      BiConsumer<Draining, RunnerExit> over) {
    this.site = site;
    this.id = id;
    this.number = number;
    this.generation = generation;
    this.over = over;
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

  void begin() {
    generation.watchedBy(this);
    Quiet.await(site, id, number, () -> generation.ending() == Ending.NONE, this::end);
  }

  /** Completes when it has ended. */
  CompletionStage<Void> ended() {
    return ended;
  }

  /** Ends it now; completes when it has ended. */
  CompletionStage<Void> hurry() {
    end();
    return ended;
  }

  private void end() {
    if (generation.ending() == Ending.NONE) {
      generation.mark(Ending.STOPPED);
      generation.stop();
    }
  }

  @Override
  public void ended(RunnerExit exit) {
    over.accept(this, exit);
    ended.complete(null);
  }

  @Override
  public void launched() {
    // Long ago.
  }

  @Override
  public void passing() {
    // It gets no requests any more.
  }

  @Override
  public void failing(String detail) {
    // It gets no requests any more.
  }

  @Override
  public void figuresChanged() {
    // The next generation's are shown.
  }

  @Override
  public void memoryRefused(RunnerUsage usage) {
    // It ends anyway.
  }

  @Override
  public void descriptorRefused(RunnerUsage usage) {
    // It ends anyway.
  }
}
