package io.wasmrunner.proxy.resilience;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The pause before a retry: by lot from nothing to a bound that doubles, "full jitter".
 *
 * @param base bound for the first retry
 * @param max bound of the bounds
 */
public record Backoff(Duration base, Duration max) {
  /**
   * The pause.
   *
   * @param retry 1 for the first
   * @param lot gives a number from 0 to 1, that one excluded
   */
  public Duration pause(int retry, DoubleSupplier lot) {
    double bound =
        Math.min((double) max.toNanos(), base.toNanos() * Math.pow(2, Math.max(0, retry - 1)));
    return Duration.ofNanos((long) (bound * lot.getAsDouble()));
  }
}
