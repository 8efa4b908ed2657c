package io.wasmrunner.proxy;

import io.wasmrunner.model.Timeouts;
import java.time.Duration;

/**
 * The time-outs of a route in nanoseconds; {@link Long#MAX_VALUE} for none.
 *
 * @param connect to get a connection
 * @param firstByte from the request sent to the head of the answer
 * @param idle without a byte moving
 * @param total whole exchange
 * @param runner while no runner can take the request; 0 for not at all
 */
record Patience(long connect, long firstByte, long idle, long total, long runner) {

  static Patience of(Timeouts timeouts) {
    return new Patience(
        nanos(timeouts.connect()),
        nanos(timeouts.firstByte()),
        nanos(timeouts.idle()),
        nanos(timeouts.total()),
        timeouts.runner().isZero() ? 0 : nanos(timeouts.runner()));
  }

  private static long nanos(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      return Long.MAX_VALUE;
    }
    // Beyond a century is never, and would overflow.
    return duration.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : duration.toNanos();
  }
}
