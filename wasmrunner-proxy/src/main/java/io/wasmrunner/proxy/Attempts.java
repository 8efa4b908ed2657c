package io.wasmrunner.proxy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runners a request may still be sent to. Confined to its event loop. */
final class Attempts {
  private final Exchange exchange;
  private List<LiveUpstream> unreachable = List.of();
  private List<LiveUpstream> avoided = List.of();
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
    List<LiveUpstream> candidates = candidates(route);
    exchange.forgetAnswerHeaders();
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

  /** All runners may be tried again, this one only when there is no other. */
  void startOver(@Nullable LiveUpstream failed) {
    unreachable = List.of();
    failure = null;
    if (failed != null) {
      avoided = new ArrayList<>(avoided);
      avoided.add(failed);
    }
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

  private List<LiveUpstream> candidates(ServiceRoute route) {
    List<LiveUpstream> available = route.available();
    boolean all = unreachable.isEmpty() && avoided.isEmpty();
    for (int i = 0; all && i < available.size(); i++) {
      LiveUpstream upstream = available.get(i);
      all = !upstream.full() && !upstream.isEjected();
    }
    return all ? available : chosen(route);
  }

  private List<LiveUpstream> chosen(ServiceRoute route) {
    List<LiveUpstream> admitted =
        route.guard().withoutEjected(route.available(), route.upstreams());
    List<LiveUpstream> left =
        admitted.stream()
            .filter(upstream -> !upstream.full() && !unreachable.contains(upstream))
            .toList();
    if (admitted.size() < route.available().size()) {
      exchange.explanation().note("runner", "ejected runners were left out");
    } else if (admitted.stream().anyMatch(LiveUpstream::isEjected)) {
      exchange.explanation().note("runner", "too few are left: ejected runners serve as well");
    }
    List<LiveUpstream> preferred =
        left.stream().filter(upstream -> !avoided.contains(upstream)).toList();
    return preferred.isEmpty() ? left : preferred;
  }
}
