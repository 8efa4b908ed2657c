package io.wasmrunner.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the proxy stands to a service at one moment.
 *
 * @param service name of the service
 * @param underWay requests under way
 * @param limit how many may be; 0 for no limit of its own
 * @param waiting requests that wait because of it
 * @param circuit where its circuit breaker stands; absent when it has none
 * @param retries requests that were sent once more, since its settings last changed
 * @param runners its runners, in the order of their indexes
 */
public record TrafficStatus(
    String service,
    int underWay,
    int limit,
    int waiting,
    Optional<Circuit> circuit,
    long retries,
    List<RunnerTraffic> runners) {
  /** Copies the list. */
  public TrafficStatus {
    runners = List.copyOf(runners);
  }

  /** Where a circuit breaker stands. */
  public enum Circuit {
    /** Lets everything through. */
    CLOSED,
    /** Refuses everything. */
    OPEN,
    /** Lets a few requests through to see. */
    HALF_OPEN
  }

  /**
   * How the proxy stands to a runner.
   *
   * @param index which runner
   * @param generation of it
   * @param requests requests under way on it
   * @param weight share beside the others, less while it starts slowly
   * @param ejectedUntil until when it gets no requests because they fail; absent when it does
   * @param ejections how often this generation was ejected
   */
  public record RunnerTraffic(
      int index,
      long generation,
      int requests,
      double weight,
      Optional<Instant> ejectedUntil,
      long ejections) {}
}
