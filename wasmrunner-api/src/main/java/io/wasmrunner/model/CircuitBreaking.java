package io.wasmrunner.model;

import java.time.Duration;

/**
 * When requests for a service are refused at once, because too many of the last ones failed.
 *
 * @param failurePercent share of failures within the window that opens it; default 50
 * @param window over which it is taken; default 10 s
 * @param minRequests fewer requests in the window say nothing; default 20
 * @param openTime how long it refuses everything; default 5 s
 * @param probes requests that are let through after that; when all of them succeed it closes, with
 *     the first failure it opens again; default 3
 */
public record CircuitBreaking(
    int failurePercent, Duration window, int minRequests, Duration openTime, int probes) {
  /** The defaults, once it is on. */
  public static final CircuitBreaking DEFAULT =
      new CircuitBreaking(50, Duration.ofSeconds(10), 20, Duration.ofSeconds(5), 3);
}
