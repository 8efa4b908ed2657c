package io.wasmrunner.runtime;

import java.time.Duration;

/** When a probe has to have ended. Begins with its making. */
final class ProbeDeadline {
  private final Duration limit;
  private final long end;

  ProbeDeadline(Duration limit) {
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /** The whole time, for people. */
  @Override
  public String toString() {
    return Durations.describe(limit);
  }
}
