package io.wasmrunner.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** An actor whose time passes only when a test says so; everything happens on the test's thread. */
final class TestingActor implements Actor {
  private final TestingClock clock;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Waiting> timers =
      new PriorityQueue<>(
          Comparator.comparing((Waiting each) -> each.due).thenComparing(each -> each.number));
  private long number;

  TestingActor(TestingClock clock) {
    this.clock = clock;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Waiting waiting = new Waiting(clock.instant().plus(delay), number++, task);
    timers.add(waiting);
    return () -> timers.remove(waiting);
  }

  @Override
  public <T> void offload(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
    tasks.add(
        () -> {
          T result;
          try {
            result = work.call();
          } catch (Exception e) {
            failed.accept(e);
            return;
          }
          done.accept(result);
        });
  }

  @Override
  public <T> void compute(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
    offload(work, done, failed);
  }

  /** Runs what is due now. */
  void settle() {
    advance(Duration.ZERO);
  }

  /** Lets time pass, and runs everything that becomes due, in order. */
  void advance(Duration by) {
    Instant end = clock.instant().plus(by);
    while (true) {
      Runnable task = tasks.poll();
      if (task != null) {
        task.run();
        continue;
      }
      Waiting next = timers.peek();
      if (next == null || next.due.isAfter(end)) {
        break;
      }
      timers.remove(next);
      clock.set(next.due);
      next.task.run();
    }
    clock.set(end);
  }

  private record Waiting(Instant due, long number, Runnable task) {}
}
