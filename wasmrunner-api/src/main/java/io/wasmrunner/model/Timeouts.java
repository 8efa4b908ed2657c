package io.wasmrunner.model;

import java.time.Duration;

/**
 * How long the proxy waits for a service.
 *
 * @param connect to open a connection to a runner; default 2 s
 * @param firstByte from the whole request sent to the first byte of the answer; default 30 s
 * @param idle without a byte in either direction once the answer has begun; default 5 min
 * @param total whole exchange; default none ({@link Duration#ZERO})
 * @param runner for a runner, while none can take the request; default none ({@link
 *     Duration#ZERO}): it is refused at once
 */
public record Timeouts(
    Duration connect, Duration firstByte, Duration idle, Duration total, Duration runner) {
  /** The defaults. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ZERO);

  /** Without waiting for a runner. */
  public Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
    this(connect, firstByte, idle, total, Duration.ZERO);
  }
}
