package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The runners of one service, by their index. Lives on the actor. */
final class RunnerGroup {
  private final Surroundings surroundings;
  private final List<Runner> runners = new ArrayList<>();

  RunnerGroup(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  List<Runner> all() {
    return List.copyOf(runners);
  }

  /** Those that a version with fewer or more runners keeps. */
  List<Runner> keptBy(RunnerSite version) {
    return List.copyOf(runners.subList(0, Math.min(runners.size(), version.service().runners())));
  }

  /**
   * The one that is asked for, or all.
   *
   * @throws io.wasmrunner.bus.RequestFailedException when there is none with this index
   */
  List<Runner> chosen(String service, OptionalInt only) {
    if (only.isEmpty()) {
      return all();
    }
    int index = only.getAsInt();
    if (index < 0 || index >= runners.size()) {
      throw RefusedCommand.noSuchRunner(service, index, runners.size());
    }
    return List.of(runners.get(index));
  }

  /** Whether another one takes requests. */
  static boolean othersServe(List<Runner> runners, Runner one) {
    return runners.stream()
        .anyMatch(runner -> runner != one && runner.state() == RunnerState.READY);
  }

  boolean othersServe(Runner one) {
    return othersServe(runners, one);
  }

  /** As many as the service wants, none of them started. */
  void fill(RunnerSite version) {
    fill(version, more -> {});
  }

  /**
   * As many as the service wants: those at the end are stopped.
   *
   * @param start whether those that come are started
   */
  void fit(RunnerSite version, boolean start) {
    fill(version, start ? Runner::start : more -> {});
    for (Runner surplus :
        List.copyOf(runners.subList(version.service().runners(), runners.size()))) {
      surplus
          .stop(true)
          .thenRun(
              () -> {
                runners.remove(surplus);
                surroundings.changed().run();
              });
    }
  }

  private void fill(RunnerSite version, Consumer<Runner> added) {
    while (runners.size() < version.service().runners()) {
      Runner more = new Runner(version, runners.size(), surroundings.options().random());
      runners.add(more);
      added.accept(more);
    }
  }

  /** Starts those that never were. */
  void startNew() {
    runners.stream().filter(runner -> runner.number() == 0).forEach(Runner::start);
  }

  /** Other settings, none of which needs a new start. */
  void configure(RunnerSite configured) {
    runners.forEach(runner -> runner.configure(configured));
  }

  /**
   * Replaces those that were started before the code was compiled: those that have never been ready
   * at once, the others one after another.
   */
  void renewSlow(RunnerSite version) {
    List<Runner> slow = runners.stream().filter(Runner::runsSlowCode).toList();
    for (Runner runner : slow) {
      if (runner.state() == RunnerState.STARTING && !runner.renewing()) {
        runner.replace(version, false);
      }
    }
    if (renewing()) {
      return;
    }
    slow.stream()
        .filter(runner -> runner.state() != RunnerState.STARTING)
        .findFirst()
        .ifPresent(runner -> runner.replace(version, othersServe(runner)));
  }

  /** Whether one is being replaced. */
  boolean renewing() {
    return runners.stream().anyMatch(Runner::renewing);
  }

  /** Whether one may get requests. */
  boolean available() {
    return runners.stream().anyMatch(Runner::available);
  }

  /** The proxy could not use one. */
  void suspected(int index, long generation) {
    if (index >= 0 && index < runners.size()) {
      runners.get(index).suspected(generation);
    }
  }

  /** Ends all; completes when they have ended, or after their limit. */
  CompletionStage<Void> stop(boolean drained) {
    return CompletableFuture.allOf(
        runners.stream()
            .map(runner -> runner.stop(drained).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Closes a version when no runner uses it any more. */
  void releaseUnused(RunnerSite version) {
    if (runners.stream().anyMatch(runner -> runner.uses(version))) {
      surroundings.actor().after(Quiet.CHECK, () -> releaseUnused(version));
    } else {
      version.release();
    }
  }
}
