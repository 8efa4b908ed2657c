package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The generations of a runner that end the requests they have. Lives on the actor. */
final class Drains {
  private final RunnerId id;
  private final Past past;
  private final RunnerNews news;
  private final Runnable changed;
  private final List<Draining> underWay = new ArrayList<>();

  /**
   * No drains yet.
   *
   * @param past takes the generations once they have ended
   * @param changed called when one has ended
   */
  Drains(RunnerId id, Past past, RunnerNews news, Runnable changed) {
    this.id = id;
    this.past = past;
    this.news = news;
    this.changed = changed;
  }

  /** Drains a generation; completes when it has ended. */
  CompletionStage<Void> begin(RunnerSite site, long number, Generation generation) {
    Draining drain = new Draining(site, id, number, generation, this::over);
    underWay.add(drain);
    drain.begin();
    return drain.ended();
  }

  /** Ends all of them now; each completes when it has ended. */
  List<CompletionStage<Void>> hurry() {
    return List.copyOf(underWay).stream().map(Draining::hurry).toList();
  }

  int count() {
    return underWay.size();
  }

  /** Whether one of them is of this version. */
  boolean use(RunnerSite version) {
    return underWay.stream().anyMatch(drain -> drain.site().sameVersion(version));
  }

  private void over(Draining drain, RunnerExit exit) {
    underWay.remove(drain);
    past.add(drain.number(), exit, drain.generation().recentLines());
    news.drained(drain.number(), exit);
    changed.run();
  }
}
