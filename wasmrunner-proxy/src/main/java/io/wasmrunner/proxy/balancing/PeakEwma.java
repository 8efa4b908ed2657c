package io.wasmrunner.proxy.balancing;

import io.wasmrunner.model.RunnerId;
import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Two upstreams by lot, and of them the one whose latency, times the requests that would be under
 * way on it, is less for its weight. A failure counts as a slow answer: who fails fast must not
 * look like the best. One that has not answered yet is judged by its requests alone.
 */
final class PeakEwma implements LoadBalancingStrategy {
  /** What a failure counts for, at least. */
  static final Duration FAILURE = Duration.ofSeconds(1);

  private final double decayNanos;
  private final LongSupplier ticker;
  private final DoubleSupplier lot;

  /** One for each index: an earlier generation makes room for the next. */
  private final Map<RunnerId, Observed> observed = new ConcurrentHashMap<>();

  private record Observed(Upstream upstream, Latency latency) {}

  /**
   * Makes the strategy.
   *
   * @param decay after so long, what is old has 1/e of its weight
   * @param ticker the time in nanoseconds
   * @param lot gives numbers from 0 to 1, that one excluded; both thread-safe
   */
  PeakEwma(Duration decay, LongSupplier ticker, DoubleSupplier lot) {
    this.decayNanos = decay.toNanos();
    this.ticker = ticker;
    this.lot = lot;
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    Pair pair = Pair.drawEvenly(available, lot);
    Upstream first = pair.first();
    Upstream second = pair.second();
    if (first == second) {
      return first;
    }
    long now = ticker.getAsLong();
    double latencyOfFirst = latency(first).at(now);
    double latencyOfSecond = latency(second).at(now);
    if (latencyOfFirst < 0 || latencyOfSecond < 0) {
      latencyOfFirst = 1;
      latencyOfSecond = 1;
    }
    return cost(second, latencyOfSecond) < cost(first, latencyOfFirst) ? second : first;
  }

  @Override
  public void completed(Upstream upstream, Duration latency, boolean failed) {
    Observed known = observed.get(upstream.id());
    if (known != null && known.upstream() == upstream) {
      double took = latency.toNanos();
      known
          .latency()
          .observe(failed ? Math.max(took, (double) FAILURE.toNanos()) : took, ticker.getAsLong());
    }
  }

  private Latency latency(Upstream upstream) {
    Observed known = observed.get(upstream.id());
    if (known == null || known.upstream() != upstream) {
      known = new Observed(upstream, new Latency(decayNanos));
      observed.put(upstream.id(), known);
    }
    return known.latency();
  }

  private static double cost(Upstream upstream, double latency) {
    return latency * (upstream.activeRequests() + 1);
  }
}
