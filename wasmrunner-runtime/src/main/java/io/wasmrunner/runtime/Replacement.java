package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.runtime.Generation.Ending;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the generation of a runner by one of a version, which may be the same: beside it where
 * the launcher can, else in its place. One at a time; another one supersedes it. Lives on the
 * actor.
 */
final class Replacement implements Standby.Goal {
  private final RunnerId id;
  private final Incumbent incumbent;
  private final Owner owner;
  private final Past past;
  private boolean takesOver;
  private @Nullable RunnerSite next;
  private @Nullable Standby standby;
  private @Nullable Runnable afterTakeOver;
  private @Nullable CompletableFuture<Optional<RunnerExit>> result;

  /** The runner. */
  interface Owner {
    /** It does not run, and is to start with this version. */
    void startOf(RunnerSite version);

    /** The generation beside is the runner's from now on. */
    void succeededBy(Standby ready);

    /**
     * The present generation is to end in a quiet moment, so that the next one can have its place.
     *
     * @param drained whether it gets no requests meanwhile
     */
    void giveWay(boolean drained);
  }

  Replacement(RunnerId id, Incumbent incumbent, Owner owner, Past past) {
    this.id = id;
    this.incumbent = incumbent;
    this.owner = owner;
    this.past = past;
  }

  /* ---- What others see ---- */

  boolean underWay() {
    return result != null;
  }

  /** Whether the next generation takes over an open port, so that requests only wait for it. */
  boolean takesOver() {
    return takesOver;
  }

  /** The version that follows in the place of the present generation, if one does. */
  Optional<RunnerSite> next() {
    return Optional.ofNullable(next);
  }

  /** Whether the generation beside is of this version. */
  boolean standsBy(RunnerSite version) {
    Standby beside = standby;
    return beside != null && beside.site().sameVersion(version);
  }

  /* ---- Begin ---- */

  /**
   * Begins.
   *
   * @param othersServe whether other runners take new requests meanwhile; without, a generation
   *     that is replaced in place goes on taking them and hands its port over in a quiet moment
   * @return completes with nothing when the new one is ready, or with the reason why not
   */
  CompletionStage<Optional<RunnerExit>> begin(RunnerSite version, boolean othersServe) {
    CompletableFuture<Optional<RunnerExit>> begun = new CompletableFuture<>();
    superseded();
    result = begun;
    Standby beside = standby;
    if (beside != null && beside.takesOver()) {
      afterTakeOver = () -> replace(version, othersServe);
    } else {
      cancel();
      replace(version, othersServe);
    }
    return begun;
  }

  private void replace(RunnerSite version, boolean othersServe) {
    RunnerState state = incumbent.state();
    if (state == RunnerState.BACKOFF || state == RunnerState.CRASH_LOOP) {
      owner.startOf(version);
    } else if (incumbent.serves()
        && (state == RunnerState.READY || state == RunnerState.UNHEALTHY)) {
      replaceRunning(version, othersServe);
    } else {
      next = version; // what follows the end, which may be on its way
      if (incumbent.doesNotEnd()) {
        placeStaysTaken();
      } else {
        incumbent.end(Ending.REPLACED);
      }
    }
  }

  private void replaceRunning(RunnerSite version, boolean othersServe) {
    RunnerAddress present = incumbent.generation().address();
    RunnerAddress address = nextAddress(present, version);
    boolean samePlace = address.equals(present);
    if (!samePlace || version.launcher().startsBeside()) {
      standby =
          new Standby(version, id, incumbent.takeNumber(), address, incumbent::generation, this);
      standby.start();
    } else {
      replaceInPlace(version, othersServe);
    }
  }

  private void replaceInPlace(RunnerSite version, boolean othersServe) {
    next = version;
    takesOver = !othersServe && incumbent.generation().keepsPort();
    owner.giveWay(othersServe);
  }

  /** Where the next generation is to listen, when this one goes on meanwhile. */
  private RunnerAddress nextAddress(RunnerAddress present, RunnerSite version) {
    RunnerAddress own = version.service().addressOf(id.index());
    boolean taken = own.equals(present);
    return version.launcher().startsBeside() || !taken
        ? own
        : version.service().lifecycle().deploy().surgePorts().stream()
            .mapToObj(first -> new RunnerAddress(own.host(), first + id.index()))
            .findFirst()
            .orElse(own);
  }

  /* ---- What happens to the generation beside ---- */

  @Override
  public void tookOver(Standby ready) {
    if (standby != ready) {
      return;
    }
    standby = null;
    takesOver = false;
    owner.succeededBy(ready);
    goOn(Optional.empty());
  }

  @Override
  public void failed(RunnerExit exit) {
    Standby failed = standby;
    if (failed == null) {
      return;
    }
    standby = null;
    past.add(failed.number(), exit, failed.generation().recentLines());
    if (exit.cause() == ExitCause.MEMORY_LIMIT && incumbent.serves()) {
      // There is no room for two at a time.
      replaceInPlace(failed.site(), false);
    } else {
      goOn(Optional.of(exit));
    }
  }

  /** What was asked for meanwhile follows; else that was it. */
  private void goOn(Optional<RunnerExit> how) {
    Runnable next = afterTakeOver;
    afterTakeOver = null;
    if (next != null) {
      next.run();
    } else {
      finish(how);
    }
  }

  /* ---- What happens to the generation in place ---- */

  /** The version that follows starts now, if one does. */
  Optional<RunnerSite> takeNext() {
    Optional<RunnerSite> taken = next();
    next = null;
    return taken;
  }

  /** The runner is ready. */
  void ready() {
    takesOver = false;
    finish(Optional.empty());
  }

  /** The generation in place has ended by itself; another one that is under way goes on. */
  void ended(RunnerExit exit) {
    if (standby == null && next == null) {
      finish(Optional.of(exit));
    }
  }

  /**
   * The generation in place does not end: whoever waits hears so. The version that follows starts
   * should it end after all.
   */
  void placeStaysTaken() {
    if (next != null) {
      finish(
          Optional.of(
              new RunnerExit(
                  incumbent.site().clock().instant(),
                  ExitCause.START_TIMEOUT,
                  "the generation before does not end")));
    }
  }

  /** The port is not kept open any more. */
  void portLost() {
    takesOver = false;
  }

  /** Another command came: whoever waits hears so. */
  void superseded() {
    afterTakeOver = null;
    finish(
        Optional.of(
            new RunnerExit(
                incumbent.site().clock().instant(),
                ExitCause.STOPPED,
                "another command came meanwhile")));
  }

  /** Ends the generation beside, if there is one; completes when it has ended. */
  Optional<CompletionStage<Void>> cancel() {
    Standby beside = standby;
    standby = null;
    return Optional.ofNullable(beside).map(Standby::cancel);
  }

  private void finish(Optional<RunnerExit> how) {
    CompletableFuture<Optional<RunnerExit>> waiting = result;
    result = null;
    if (waiting != null) {
      waiting.complete(how);
      incumbent.changed();
    }
  }
}
