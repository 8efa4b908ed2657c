package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Work that is too long for an event loop, in a bounded number of threads. Thread-safe. */
final class Workers implements AutoCloseable {
  /** So many pieces of work may wait; more would wait longer than clients do. */
  private static final int MOST = 256;

  private static final int THREADS = 2;

  private final WorkerExecutor executor;
  private final AtomicInteger pending = new AtomicInteger();

  Workers(Vertx vertx) {
    this.executor =
        vertx.createSharedWorkerExecutor("wasmrunner-policy", THREADS, 20, TimeUnit.SECONDS);
  }

  /** All threads have work for long. */
  static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException() {
      super("too much to check", null, false, false);
    }
  }

  /** Does it elsewhere; fails with {@link BusyException} when too much waits. */
  <T> Future<T> run(Callable<T> work) {
    if (pending.incrementAndGet() > MOST) {
      pending.decrementAndGet();
      return Future.failedFuture(new BusyException());
    }
    return submit(work);
  }

  /** Does it elsewhere, however much waits: for what is not asked for by requests. */
  <T> Future<T> runInAnyCase(Callable<T> work) {
    pending.incrementAndGet();
    return submit(work);
  }

  private <T> Future<T> submit(Callable<T> work) {
    return executor.executeBlocking(work, false).onComplete(done -> pending.decrementAndGet());
  }

  @Override
  public void close() {
    executor.close();
  }
}
