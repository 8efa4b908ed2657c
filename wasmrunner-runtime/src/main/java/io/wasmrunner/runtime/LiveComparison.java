package io.wasmrunner.runtime;

import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.model.RunnerId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Compares how the runners of two versions do under live traffic: the old one over its whole life,
 * the new one since it serves. Only a difference that leaves no doubt counts.
 */
final class LiveComparison {
  /** Fewer requests than this say nothing. */
  static final int FEWEST = 10;

  /** A share of failures that is larger by this is clearly worse. */
  static final double MORE_FAILURES = 0.1;

  /** A mean that is longer by this factor, and by {@link #LONGER_MICROS}, is clearly worse. */
  static final double LONGER = 3;

  static final long LONGER_MICROS = 50_000;

  private final RunnerSite site;
  private UpstreamActivity before = UpstreamActivity.NONE;

  LiveComparison(RunnerSite site) {
    this.site = site;
  }

  /** Takes down how the present generations do; completes on any thread, never exceptionally. */
  CompletionStage<Void> baseline(List<Runner> runners) {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (Runner runner : runners) {
      all =
          all.thenCombine(
              ask(runner.id(), runner.number()),
              (nothing, activity) -> {
                before = before.plus(activity);
                return null;
              });
    }
    return all;
  }

  /** In what a generation is clearly worse, if it is. */
  CompletionStage<Optional<String>> judge(RunnerId id, long generation) {
    return ask(id, generation).thenApply(now -> worse(before, now));
  }

  static Optional<String> worse(UpstreamActivity before, UpstreamActivity now) {
    if (now.completed() < FEWEST) {
      return Optional.empty();
    }
    if (share(now) >= share(before) + MORE_FAILURES) {
      return Optional.of(
          "%d of its %d requests failed, of the version before %d of %d"
              .formatted(now.failed(), now.completed(), before.failed(), before.completed()));
    }
    boolean comparable = before.completed() >= FEWEST;
    if (comparable && mean(now) > LONGER * mean(before) + LONGER_MICROS) {
      return Optional.of(
          "it takes %d ms for a request, the version before %d ms"
              .formatted(mean(now) / 1000, mean(before) / 1000));
    }
    return Optional.empty();
  }

  private static double share(UpstreamActivity of) {
    return of.completed() == 0 ? 0 : (double) of.failed() / of.completed();
  }

  private static long mean(UpstreamActivity of) {
    return of.micros() / of.completed();
  }

  private CompletionStage<UpstreamActivity> ask(RunnerId id, long generation) {
    return site.surroundings()
        .requests()
        .ask(id, generation)
        .exceptionally(unknown -> UpstreamActivity.NONE);
  }
}
