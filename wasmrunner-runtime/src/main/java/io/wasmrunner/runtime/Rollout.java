package io.wasmrunner.runtime;

import io.wasmrunner.model.DeploySettings;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the runners of a service by those of another version, a few at a time, each only when
 * the new ones before it are ready and do well. A version that fails gives way to the one before.
 * Lives on the actor.
 */
final class Rollout {
  private final List<Runner> runners;
  private final RunnerSite before;
  private final RunnerSite next;
  private final DeploySettings settings;
  private final Deque<Runner> waiting;
  private final List<Runner> replaced = new ArrayList<>();
  private final LiveComparison traffic;
  private final CompletableFuture<Optional<String>> result = new CompletableFuture<>();
  private int underWay;
  private @Nullable String failure;

  /**
   * A rollout.
   *
   * @param runners all runners of the service; those that do not run only take the version
   */
  Rollout(List<Runner> runners, RunnerSite before, RunnerSite next) {
    this.runners = List.copyOf(runners);
    this.before = before;
    this.next = next;
    this.settings = next.service().lifecycle().deploy();
    this.waiting = new ArrayDeque<>(runners);
    this.traffic = new LiveComparison(next);
  }

  /** Begins; completes with nothing when every runner is replaced, or with why they are not. */
  CompletionStage<Optional<String>> run() {
    traffic.baseline(runners).thenRun(() -> next.actor().execute(this::goOn));
    return result;
  }

  private void goOn() {
    while (failure == null && underWay < settings.maxParallel() && !waiting.isEmpty()) {
      replace(waiting.removeFirst());
    }
    if (underWay == 0) {
      if (failure == null) {
        result.complete(Optional.empty());
      } else {
        fail(failure);
      }
    }
  }

  private void replace(Runner runner) {
    underWay++;
    runner
        .replace(next, RunnerGroup.othersServe(runners, runner))
        .thenAccept(exit -> next.actor().execute(() -> replaced(runner, exit)));
  }

  private void replaced(Runner runner, Optional<RunnerExit> exit) {
    if (exit.isPresent()) {
      finished("%s: %s, %s".formatted(runner.id(), exit.get().cause().key(), exit.get().detail()));
      return;
    }
    replaced.add(runner);
    long generation = runner.number();
    next.actor().after(settings.minHealthyTime(), () -> judge(runner, generation));
  }

  private void judge(Runner runner, long generation) {
    boolean well =
        !runner.wanted() || (runner.number() == generation && runner.state() == RunnerState.READY);
    if (!well) {
      finished(runner.id() + ": it did not stay healthy");
      return;
    }
    traffic
        .judge(runner.id(), generation)
        .thenAccept(
            worse ->
                next.actor()
                    .execute(
                        () -> finished(worse.map(how -> runner.id() + ": " + how).orElse(null))));
  }

  private void finished(@Nullable String why) {
    underWay--;
    if (failure == null) {
      failure = why;
    }
    goOn();
  }

  private void fail(String why) {
    if (!settings.autoRevert()) {
      result.complete(Optional.of(why));
      return;
    }
    // Runners that are not replaced yet go back, too: one may have been caught between the two.
    CompletableFuture<?>[] reverted =
        runners.stream()
            .filter(runner -> replaced.contains(runner) || !waiting.contains(runner))
            .map(runner -> revert(runner).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    CompletionStage<Void> all = CompletableFuture.allOf(reverted);
    all.whenComplete((nothing, failed) -> result.complete(Optional.of(why)));
  }

  private CompletionStage<Optional<RunnerExit>> revert(Runner runner) {
    return runner.runs(next)
        ? runner.replace(before, RunnerGroup.othersServe(runners, runner))
        : CompletableFuture.completedFuture(Optional.empty());
  }
}
