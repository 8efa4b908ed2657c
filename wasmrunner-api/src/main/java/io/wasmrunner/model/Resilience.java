package io.wasmrunner.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the proxy does about runners that fail or are slow.
 *
 * @param weights shares of the runners by index, each at least 1; runners beyond the list have 1
 * @param slowStart how long a runner that has just become available gets less than its share;
 *     {@link Duration#ZERO}, the default, for none
 * @param ejection when a runner is left out for a while; default never
 * @param retries when a request is sent again; by default only when no runner took it
 * @param circuitBreaker when requests are refused at once; default never
 * @param concurrency how many requests may be under way; default as many as the runners take
 */
public record Resilience(
    List<Integer> weights,
    Duration slowStart,
    Optional<Ejection> ejection,
    Optional<Retries> retries,
    Optional<CircuitBreaking> circuitBreaker,
    Optional<ConcurrencyLimit> concurrency) {
  /** The defaults. */
  public static final Resilience DEFAULT =
      new Resilience(
          List.of(),
          Duration.ZERO,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Copies the list. */
  public Resilience {
    weights = List.copyOf(weights);
  }

  /** Weight of the runner with this index. */
  public int weight(int index) {
    return index < weights.size() ? weights.get(index) : 1;
  }

  /** The same with other weights. */
  public Resilience withWeights(List<Integer> other) {
    return new Resilience(other, slowStart, ejection, retries, circuitBreaker, concurrency);
  }

  /** The same with another slow start. */
  public Resilience withSlowStart(Duration other) {
    return new Resilience(weights, other, ejection, retries, circuitBreaker, concurrency);
  }

  /** The same with ejection. */
  public Resilience withEjection(Ejection other) {
    return new Resilience(
        weights, slowStart, Optional.of(other), retries, circuitBreaker, concurrency);
  }

  /** The same with retries. */
  public Resilience withRetries(Retries other) {
    return new Resilience(
        weights, slowStart, ejection, Optional.of(other), circuitBreaker, concurrency);
  }

  /** The same with a circuit breaker. */
  public Resilience withCircuitBreaker(CircuitBreaking other) {
    return new Resilience(weights, slowStart, ejection, retries, Optional.of(other), concurrency);
  }

  /** The same with a limit of requests under way. */
  public Resilience withConcurrency(ConcurrencyLimit other) {
    return new Resilience(
        weights, slowStart, ejection, retries, circuitBreaker, Optional.of(other));
  }
}
