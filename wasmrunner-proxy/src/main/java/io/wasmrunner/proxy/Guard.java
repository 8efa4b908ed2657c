package io.wasmrunner.proxy;

import io.wasmrunner.model.Resilience;
import io.wasmrunner.proxy.resilience.CircuitBreaker;
import io.wasmrunner.proxy.resilience.CircuitBreaker.Pass;
import io.wasmrunner.proxy.resilience.ConcurrencyGate;
import io.wasmrunner.proxy.resilience.Outcome;
import io.wasmrunner.proxy.resilience.OutlierDetection;
import io.wasmrunner.proxy.resilience.RetryPolicy;
import io.wasmrunner.proxy.resilience.RunnerHealth;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy does about a service that fails or is slow, across all event loops; it lives as
 * long as its settings stay the same. Each part is null unless the service asks for it.
 * Thread-safe.
 */
final class Guard {
  private final @Nullable OutlierDetection outliers;
  private final @Nullable RetryPolicy retries;
  private final @Nullable CircuitBreaker breaker;
  private final @Nullable ConcurrencyGate gate;
  private final TrafficEvents events;
  private final LongSupplier ticker;

  Guard(String service, Resilience settings, TrafficEvents events, LongSupplier ticker) {
    this.outliers = settings.ejection().map(OutlierDetection::new).orElse(null);
    this.retries =
        settings
            .retries()
            .map(retry -> new RetryPolicy(retry, () -> ThreadLocalRandom.current().nextDouble()))
            .orElse(null);
    this.breaker =
        settings
            .circuitBreaker()
            .map(circuit -> new CircuitBreaker(circuit, events.ofCircuit(service)))
            .orElse(null);
    this.gate = settings.concurrency().map(ConcurrencyGate::new).orElse(null);
    this.events = events;
    this.ticker = ticker;
  }

  @Nullable RetryPolicy retries() {
    return retries;
  }

  @Nullable CircuitBreaker breaker() {
    return breaker;
  }

  @Nullable ConcurrencyGate gate() {
    return gate;
  }

  /** Whether requests have to ask before they go on. */
  boolean asksRequests() {
    return breaker != null || gate != null || retries != null;
  }

  /** Whether it wants to know how attempts end. */
  boolean watchesOutcomes() {
    return outliers != null || breaker != null || gate != null;
  }

  /** Begins to watch a runner, which was not watched by this guard before. */
  void watch(LiveUpstream upstream) {
    upstream.watchedAs(outliers == null ? null : outliers.newcomer());
  }

  /** An attempt at a runner ended. */
  void ended(
      LiveUpstream upstream,
      List<LiveUpstream> peers,
      Outcome outcome,
      long latencyNanos,
      Pass pass) {
    long now = ticker.getAsLong();
    if (breaker != null) {
      breaker.ended(outcome.failed(), pass, now);
    }
    if (gate != null) {
      gate.ended(latencyNanos, outcome, now);
    }
    RunnerHealth health = upstream.health();
    if (outliers != null && health != null && outliers.record(health, outcome.failed(), now)) {
      OptionalLong nanos = outliers.eject(health, healths(peers), now);
      if (nanos.isPresent()) {
        events.ejected(upstream, outcome, nanos.getAsLong());
      }
    }
  }

  /**
   * Those of the available runners that are not ejected, or all of them when too few would be left.
   *
   * @param all all runners of the service
   */
  List<LiveUpstream> withoutEjected(List<LiveUpstream> available, List<LiveUpstream> all) {
    if (outliers == null) {
      return available;
    }
    readmit(available);
    List<LiveUpstream> left = available.stream().filter(upstream -> !upstream.isEjected()).toList();
    return outliers.isPanic(left.size(), all.size()) ? available : left;
  }

  /** Takes runners back whose time is over. */
  void readmit(List<LiveUpstream> upstreams) {
    if (outliers == null) {
      return;
    }
    for (LiveUpstream upstream : upstreams) {
      RunnerHealth health = upstream.health();
      if (health != null && health.isEjected() && health.readmit(ticker.getAsLong())) {
        upstream.warmUp();
        events.readmitted(upstream);
      }
    }
  }

  private static List<RunnerHealth> healths(List<LiveUpstream> upstreams) {
    return upstreams.stream().map(LiveUpstream::health).filter(Objects::nonNull).toList();
  }
}
