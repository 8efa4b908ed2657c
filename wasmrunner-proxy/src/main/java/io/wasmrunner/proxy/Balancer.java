package io.wasmrunner.proxy;

import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.proxy.balancing.RoundRobin;
import io.wasmrunner.proxy.balancing.Weights;
import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The strategy of a service, which may be a stranger's: when it throws or answers nonsense, round
 * robin takes that request, and it is told once. Thread-safe.
 */
final class Balancer {
  private static final Logger LOG = LoggerFactory.getLogger(Balancer.class);

  private final String service;
  private final String name;
  private final LoadBalancingStrategy strategy;
  private final RoundRobin substitute = new RoundRobin();
  private final Bus bus;
  private final Clock clock;
  private final AtomicBoolean told = new AtomicBoolean();

  Balancer(String service, String name, LoadBalancingStrategy strategy, Bus bus, Clock clock) {
    this.service = service;
    this.name = name;
    this.strategy = strategy;
    this.bus = bus;
    this.clock = clock;
  }

  /** One of the candidates, whatever the strategy does. */
  LiveUpstream choose(List<LiveUpstream> candidates, BalancedRequest request) {
    try {
      List<LiveUpstream> shown =
          !strategy.heedsWeights() && Weights.differ(candidates)
              ? Weights.thinned(candidates, () -> ThreadLocalRandom.current().nextDouble())
              : candidates;
      Upstream chosen = strategy.choose(List.copyOf(shown), request);
      if (chosen instanceof LiveUpstream upstream && candidates.contains(upstream)) {
        return upstream;
      }
      tell("it chose " + chosen + ", which is not among the available runners", null);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      tell("it threw " + e, e);
    }
    return substitute.pick(candidates);
  }

  /** Tells the strategy how a request ended. */
  void completed(LiveUpstream upstream, long latencyNanos, boolean failed) {
    upstream.completed(latencyNanos, failed);
    try {
      strategy.completed(upstream, Duration.ofNanos(Math.max(0, latencyNanos)), failed);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      tell("it threw " + e, e);
    }
  }

  private void tell(String what, @Nullable Throwable cause) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    String message =
        "WR-3401: the load-balancing strategy \"%s\" of %s does not work: %s; round robin takes over"
            .formatted(name, service, what);
    LOG.error("{}. Fix: correct or replace the plugin.", message, cause);
    bus.announce(
        new SystemEvent(
            clock.instant(),
            Severity.ERROR,
            "load_balancing.failed",
            Optional.of(service),
            Optional.empty(),
            message));
  }
}
