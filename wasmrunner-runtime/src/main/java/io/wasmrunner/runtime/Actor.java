package io.wasmrunner.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * The one place where the state of services changes: tasks run one after another, never at once, so
 * that no part of the supervisor needs a lock.
 */
interface Actor {
  /** Runs the task later, in order. May be called from any thread. */
  void execute(Runnable task);

  /** Runs the task after a delay. */
  Timer after(Duration delay, Runnable task);

  /** Does work that may block elsewhere, and takes the result here. */
  <T> void offload(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed);

  /**
   * Does work that keeps a processor busy elsewhere, in the order of the calls: only as much at
   * once as there are processors, so that what is asked first is there first.
   */
  <T> void compute(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed);

  /** A task that waits for its time. */
  interface Timer {
    /** A timer that is over. */
    Timer NONE = () -> {};

    /** The task does not run, unless it has begun. */
    void cancel();
  }
}
