package io.wasmrunner.wasi;

/** A guest's thread: a daemon with a stack of its own. */
class GuestThread extends Thread {
  GuestThread(Runnable body, String name, long stackBytes) {
    super(null, body, name, stackBytes);
    setDaemon(true);
  }

  /**
   * A thread, not started yet.
   *
   * @param cpuShare of one core; 1 is no limit
   */
  static GuestThread create(Runnable body, String name, long stackBytes, double cpuShare) {
    return cpuShare < 1
        ? new MeteredThread(body, name, stackBytes, cpuShare)
        : new GuestThread(body, name, stackBytes);
  }

  /** Starts it; throws OutOfMemoryError when there is no thread left. */
  void begin() {
    start();
  }

  /** To be called by itself at its end. */
  void end() {}

  /** Time spent waiting because its share was used up. */
  long pausedNanos() {
    return 0;
  }

  /** Time that does not pass while it is made to wait; only differences mean something. */
  long runningNanos() {
    return System.nanoTime();
  }

  /**
   * Whether it is inside of the host, where it is not made to wait: it may hold what others need.
   * For this thread.
   */
  void inHost(boolean value) {}
}
