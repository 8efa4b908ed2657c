package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.Optional;

/**
 * The same upstream for the same key, by weighted rendezvous hashing: every upstream draws a number
 * from the key and its index, and the best one wins. When one comes or goes, only the keys that it
 * wins or has won move, which is the least there can be; a ring or a Maglev table comes near that,
 * and has to be built anew for each change of weights, of which slow start makes many.
 *
 * <p>No upstream takes more than its share of the requests under way times the load factor
 * ("bounded loads", Mirrokni, Thorup, Zadimoghaddam 2017): what is beyond goes to the next best for
 * its key. Requests without the key take turns.
 */
final class ConsistentHash implements LoadBalancingStrategy {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final RequestKey key;
  private final double loadFactor;
  private final RoundRobin withoutKey = new RoundRobin();

  /**
   * Makes the strategy.
   *
   * @param loadFactor 1 or more
   */
  ConsistentHash(RequestKey key, double loadFactor) {
    this.key = key;
    this.loadFactor = loadFactor;
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    Optional<String> given = key.of(request);
    if (given.isEmpty()) {
      return withoutKey.pick(available);
    }
    long hash = hash(given.get());
    double weights = 0;
    int active = 1;
    for (Upstream upstream : available) {
      weights += upstream.weight();
      active += upstream.activeRequests();
    }
    Upstream best = available.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (Upstream upstream : available) {
      double weight = upstream.weight();
      double bound = Math.ceil(loadFactor * active * weight / weights);
      if (upstream.activeRequests() < bound) {
        double drawn = -Math.log(draw(hash, upstream.id().index())) / weight;
        if (drawn < least) {
          least = drawn;
          best = upstream;
        }
      }
    }
    return best;
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }

  private static long hash(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  /** A number above 0 and up to 1, by the finisher of SplitMix64. */
  private static double draw(long hash, int index) {
    long z = hash + (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return ((z >>> 11) + 1) * 0x1p-53;
  }
}
