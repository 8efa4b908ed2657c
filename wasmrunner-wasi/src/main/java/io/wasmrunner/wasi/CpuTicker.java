package io.wasmrunner.wasi;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has guests with a share of a core look at what they have used, a hundred times a second. One
 * thread for all of them, which lives as long as there are any. Thread-safe.
 */
final class CpuTicker {
  /** For all guests of the process. */
  static final CpuTicker SHARED = new CpuTicker();

  private static final long TICK_MILLIS = 10;

  private final Set<MeteredThread> guests = new HashSet<>();
  private @Nullable Thread ticker;

  /** Throws OutOfMemoryError when there is no thread left for it. */
  synchronized void add(MeteredThread guest) {
    if (ticker == null) {
      Thread started = new Thread(this::run, "guest-cpu-ticker");
      started.setDaemon(true);
      started.start();
      ticker = started;
    }
    guests.add(guest);
  }

  synchronized void remove(MeteredThread guest) {
    guests.remove(guest);
  }

  synchronized boolean ticking() {
    return ticker != null;
  }

  private void run() {
    try {
      while (tick()) {
        Thread.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) { // by nobody we know; the next guest starts another
      synchronized (this) {
        ticker = null;
      }
    }
  }

  private synchronized boolean tick() {
    guests.forEach(MeteredThread::checkShare);
    if (guests.isEmpty()) {
      ticker = null;
    }
    return !guests.isEmpty();
  }
}
