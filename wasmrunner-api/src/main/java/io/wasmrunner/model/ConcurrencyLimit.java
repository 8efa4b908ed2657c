package io.wasmrunner.model;

import java.time.Duration;

/**
 * How many requests for a service may be under way, over all its runners. The others wait.
 *
 * @param max the limit, or the most that an adaptive one becomes
 * @param adaptive whether the limit follows the latency; default no
 * @param queueSize how many may wait; one more is refused; default 100
 * @param queueTimeout how long one may wait; after that it is refused; default 1 s
 */
public record ConcurrencyLimit(int max, boolean adaptive, int queueSize, Duration queueTimeout) {
  /** Most that an adaptive limit becomes unless told otherwise. */
  public static final int ADAPTIVE_MAX = 200;

  /** How many may wait unless told otherwise. */
  public static final int DEFAULT_QUEUE = 100;

  /** How long one may wait unless told otherwise. */
  public static final Duration DEFAULT_QUEUE_TIMEOUT = Duration.ofSeconds(1);
}
