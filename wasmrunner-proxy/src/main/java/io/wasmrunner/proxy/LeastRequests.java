package io.wasmrunner.proxy;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The runner with the fewest requests under way; among equals, one after the other. */
final class LeastRequests implements LoadBalancingStrategy {
  private final AtomicInteger turn = new AtomicInteger();

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
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
}
