package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Two upstreams by lot, and of them the one with fewer requests under way for its weight. */
final class PowerOfTwo implements LoadBalancingStrategy {
  private final DoubleSupplier lot;

  /**
   * Makes the strategy.
   *
   * @param lot gives numbers from 0 to 1, that one excluded; thread-safe
   */
  PowerOfTwo(DoubleSupplier lot) {
    this.lot = lot;
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    Pair pair = Pair.draw(available, lot);
    Upstream first = pair.first();
    Upstream second = pair.second();
    return second.activeRequests() * first.weight() < first.activeRequests() * second.weight()
        ? second
        : first;
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }
}
