package io.wasmrunner.proxy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runners a request may still be sent to. Confined to its event loop. */
final class Attempts {
  private final Exchange exchange;
  private List<LiveUpstream> unreachable = List.of();
  private @Nullable Refusal failure;

  Attempts(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The runner to try next, by the strategy of the service; null when none is left. */
  @Nullable LiveUpstream next() {
    // The table of now: between two attempts a runner may have come or gone.
    ServiceRoute route = exchange.currentRoute();
    if (route == null) {
      return null;
    }
    List<LiveUpstream> candidates = candidates(route.available());
    return candidates.isEmpty() ? null : route.balancer().choose(candidates, exchange);
  }

  /** This runner is out for this request. */
  void exclude(LiveUpstream upstream, Refusal why) {
    if (unreachable.isEmpty()) {
      unreachable = new ArrayList<>(2);
    }
    unreachable.add(upstream);
    failure = why;
  }

  /** The answer when {@link #next()} has none. */
  Refusal exhausted() {
    if (failure != null) {
      return failure;
    }
    ServiceRoute route = exchange.currentRoute();
    return route == null || route.available().isEmpty()
        ? UpstreamFailure.noHealthyRunner(exchange)
        : UpstreamFailure.busy(exchange);
  }

  private List<LiveUpstream> candidates(List<LiveUpstream> available) {
    boolean all = unreachable.isEmpty();
    for (int i = 0; all && i < available.size(); i++) {
      all = !available.get(i).full();
    }
    return all
        ? available
        : available.stream()
            .filter(upstream -> !upstream.full() && !unreachable.contains(upstream))
            .toList();
  }
}
