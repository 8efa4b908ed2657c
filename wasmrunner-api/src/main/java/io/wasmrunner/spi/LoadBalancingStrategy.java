package io.wasmrunner.spi;

import java.time.Duration;
import java.util.List;

/**
 * Chooses the runner for a request. Thread-safe: one strategy of a service is used by all event
 * loops at once, and must not block.
 */
public interface LoadBalancingStrategy {
  /**
   * Chooses one of the available upstreams.
   *
   * @param available never empty, in the order of the runners' indexes; ejected and full ones are
   *     not among them
   * @param request what is known about the request
   * @return one of {@code available}
   */
  Upstream choose(List<Upstream> available, BalancedRequest request);

  /**
   * Tells how a request ended. Default: nothing.
   *
   * @param upstream the one that was chosen
   * @param latency from the request sent to the first byte of the answer, or to the failure
   * @param failed whether there was no answer, or one with 5xx
   */
  default void completed(Upstream upstream, Duration latency, boolean failed) {}

  /**
   * Whether it heeds {@link Upstream#weight()}. If not, upstreams of less weight than others are
   * left out of {@code available} for so many requests that their share is about right. Default:
   * false.
   */
  default boolean heedsWeights() {
    return false;
  }
}
