package io.wasmrunner.wasi;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a guest with a share of a core. The engine asks it with every loop and call whether
 * it is interrupted, and that is where it is made to wait when it has used its share, whatever it
 * computes.
 */
final class MeteredThread extends GuestThread {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final double share;
  private @Nullable CpuAllowance allowance;
  private boolean inHost;
  private volatile boolean due;
  private volatile long pausedSince;
  private volatile long pausedNanos;

  MeteredThread(Runnable body, String name, long stackBytes, double share) {
    super(body, name, stackBytes);
    this.share = share;
  }

  @Override
  void begin() {
    CpuTicker.SHARED.add(this);
    try {
      start();
    } catch (OutOfMemoryError e) {
      end();
      throw e;
    }
  }

  @Override
  void end() {
    CpuTicker.SHARED.remove(this);
  }

  /** Has it look soon at what it has used. Any thread. */
  void checkShare() {
    due = true;
  }

  @Override
  long pausedNanos() {
    long since = pausedSince;
    return pausedNanos + (since == 0 ? 0 : Math.max(0, System.nanoTime() - since));
  }

  @Override
  long runningNanos() {
    long since = pausedSince;
    return (since == 0 ? System.nanoTime() : since) - pausedNanos;
  }

  @Override
  void inHost(boolean value) {
    inHost = value;
  }

  @Override
  public boolean isInterrupted() {
    if (due && !inHost && Thread.currentThread() == this) {
      due = false;
      if (!super.isInterrupted()) {
        settle();
      }
    }
    return super.isInterrupted();
  }

  private void settle() {
    long now = System.nanoTime();
    long cpu = THREADS.getCurrentThreadCpuTime();
    if (allowance == null) {
      allowance = new CpuAllowance(share, now, cpu);
    }
    long pause = allowance.settle(now, cpu);
    if (pause > 0) {
      pause(now, pause);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
  private void pause(long start, long nanos) {
    pausedSince = start;
    long left = nanos;
    while (left > 0 && !super.isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = nanos - (System.nanoTime() - start);
    }
    long waited = System.nanoTime() - start;
    pausedSince = 0;
    pausedNanos += waited;
  }
}
