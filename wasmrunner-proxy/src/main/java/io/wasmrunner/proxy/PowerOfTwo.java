package io.wasmrunner.proxy;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Two runners by lot, and of them the one with fewer requests under way. */
final class PowerOfTwo implements LoadBalancingStrategy {
  private final IntUnaryOperator lot;

  /**
   * Makes the strategy.
   *
   * @param lot gives a number from 0 up to its argument, that one excluded
   */
  PowerOfTwo(IntUnaryOperator lot) {
    this.lot = lot;
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    int size = available.size();
    if (size == 1) {
      return available.get(0);
    }
    int one = lot.applyAsInt(size);
    int other = (one + 1 + lot.applyAsInt(size - 1)) % size;
    Upstream first = available.get(one);
    Upstream second = available.get(other);
    return second.activeRequests() < first.activeRequests() ? second : first;
  }
}
