package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The upstream with the fewest requests under way; among equals, one after the other.
 *
 * <p>With different weights each gets a share of its weight divided by its requests under way, as
 * in Envoy: the fewest requests alone would give everything to the heaviest while all are idle.
 */
final class LeastRequests implements LoadBalancingStrategy {
  private final AtomicInteger turn = new AtomicInteger();
  private final RoundRobin weighted = new RoundRobin();

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    if (Weights.differ(available)) {
      return weighted.byShare(
          available, upstream -> upstream.weight() / (upstream.activeRequests() + 1));
    }
    int size = available.size();
    int start = Math.floorMod(turn.getAndIncrement(), size);
    Upstream best = available.get(start);
    int fewest = best.activeRequests();
    for (int i = 1; i < size && fewest > 0; i++) {
      Upstream other = available.get((start + i) % size);
      int active = other.activeRequests();
      if (active < fewest) {
        best = other;
        fewest = active;
      }
    }
    return best;
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }
}
