package io.wasmrunner.wasi;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A guest's thread. The engine asks it with every loop and call whether it is interrupted, and that
 * is where a guest that has used its share of a core is made to wait, whatever it computes. Without
 * anything to attend to, this costs no more than asking a plain thread.
 */
final class GuestThread extends Thread {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final double cpuShare;
  private @Nullable CpuAllowance allowance;
  private volatile boolean attention;
  private volatile long pausedSince;
  private volatile long pausedNanos;

  /**
   * A daemon thread.
   *
   * @param cpuShare of one core; 1 is no limit
   */
  GuestThread(Runnable body, String name, long stackBytes, double cpuShare) {
    super(null, body, name, stackBytes);
    this.cpuShare = cpuShare;
    setDaemon(true);
  }

  /** Whether somebody has to call {@link #checkShare} while it runs. */
  boolean metered() {
    return cpuShare < 1;
  }

  /** Has it look soon at what it has used. Any thread. */
  void checkShare() {
    attention = true;
  }

  /** Time spent waiting because its share was used up. */
  long pausedNanos() {
    long since = pausedSince;
    return pausedNanos + (since == 0 ? 0 : Math.max(0, System.nanoTime() - since));
  }

  /** Time that does not pass while it is made to wait; only differences mean something. */
  long runningNanos() {
    long since = pausedSince;
    return (since == 0 ? System.nanoTime() : since) - pausedNanos;
  }

  @Override
  public void interrupt() {
    super.interrupt();
    attention = true;
  }

  @Override
  public boolean isInterrupted() {
    return attention && attend();
  }

  private boolean attend() {
    if (Thread.currentThread() != this) {
      return super.isInterrupted();
    }
    attention = false; // first: whoever interrupts after the next line sets it again
    if (!super.isInterrupted() && metered()) {
      settle();
    }
    if (super.isInterrupted()) {
      attention = true;
      return true;
    }
    return false;
  }

  private void settle() {
    long now = System.nanoTime();
    long cpu = THREADS.getCurrentThreadCpuTime();
    if (allowance == null) {
      allowance = new CpuAllowance(cpuShare, now, cpu);
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
