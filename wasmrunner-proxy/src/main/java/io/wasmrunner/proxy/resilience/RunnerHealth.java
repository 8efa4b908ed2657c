package io.wasmrunner.proxy.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/** What {@link OutlierDetection} knows of one generation of a runner. */
public final class RunnerHealth {
  private static final long IN = Long.MIN_VALUE;

  final AtomicInteger failuresInARow = new AtomicInteger();
  final SlidingCounts counts;
  private volatile long outUntil = IN;
  private long lastOut = IN;
  private int repetitions;
  private volatile long ejections;

  RunnerHealth(long intervalNanos) {
    this.counts = new SlidingCounts(intervalNanos);
  }

  /** Whether it is ejected; after its time as well, until {@link #readmit} has said so. */
  public boolean isEjected() {
    return outUntil != IN;
  }

  /** How often it was ejected. */
  public long ejections() {
    return ejections;
  }

  /** When its ejection ends, on the ticker; means nothing unless it is ejected. */
  public long ejectedUntil() {
    return outUntil;
  }

  /** Takes it back when its time is over; says whether this call did. */
  public boolean readmit(long now) {
    long until = outUntil;
    if (until == IN || now - until < 0) {
      return false;
    }
    synchronized (this) {
      if (outUntil != until) {
        return false;
      }
      failuresInARow.set(0);
      counts.clear();
      outUntil = IN;
      return true;
    }
  }

  /** Ejects it for twice as long as last time, less what it has been good for since. */
  synchronized long eject(long now, long baseNanos, long maxNanos) {
    if (lastOut != IN) {
      repetitions = (int) Math.max(0, repetitions - (now - lastOut) / baseNanos);
    }
    long time = baseNanos;
    for (int i = 0; i < repetitions && time < maxNanos; i++) {
      time *= 2;
    }
    time = Math.min(time, maxNanos);
    repetitions++;
    ejections = ejections + 1;
    lastOut = now + time;
    outUntil = now + time;
    return time;
  }
}
