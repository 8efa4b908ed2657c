package io.wasmrunner.runtime;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** An actor on the context of a verticle. */
final class VertxActor implements Actor {
  private final Vertx vertx;
  private final Context context;
  private final Executor blocking;
  private final Executor computing;

  VertxActor(Vertx vertx, Context context, Executor blocking, Executor computing) {
    this.vertx = vertx;
    this.context = context;
    this.blocking = blocking;
    this.computing = computing;
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> execute(task));
    return () -> vertx.cancelTimer(id);
  }

  @Override
  public <T> void offload(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
    run(blocking, work, done, failed);
  }

  @Override
  public <T> void compute(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
    run(computing, work, done, failed);
  }

  private <T> void run(
      Executor elsewhere, Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
    try {
      elsewhere.execute(
          () -> {
            try {
              T result = work.call();
              execute(() -> done.accept(result));
            } catch (Throwable e) {
              execute(() -> failed.accept(e));
            }
          });
    } catch (RejectedExecutionException e) {
      execute(() -> failed.accept(e));
    }
  }
}
