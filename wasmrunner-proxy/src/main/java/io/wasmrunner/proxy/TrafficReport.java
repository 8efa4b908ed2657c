package io.wasmrunner.proxy;

import io.wasmrunner.model.TrafficStatus;
import io.wasmrunner.model.TrafficStatus.Circuit;
import io.wasmrunner.model.TrafficStatus.RunnerTraffic;
import io.wasmrunner.proxy.resilience.ConcurrencyGate;
import io.wasmrunner.proxy.resilience.RunnerHealth;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says how the proxy stands to services and runners now. Thread-safe. */
final class TrafficReport {
  private final Clock clock;
  private final LongSupplier ticker;

  TrafficReport(Clock clock, LongSupplier ticker) {
    this.clock = clock;
    this.ticker = ticker;
  }

  List<TrafficStatus> of(RouteTable table) {
    return table.routes().stream().map(this::service).toList();
  }

  private TrafficStatus service(ServiceRoute route) {
    Guard guard = route.guard();
    ConcurrencyGate gate = guard.gate();
    int active = route.upstreams().stream().mapToInt(LiveUpstream::activeRequests).sum();
    return new TrafficStatus(
        route.service(),
        gate == null ? active : gate.inside(),
        gate == null ? 0 : gate.limit(),
        gate == null ? 0 : gate.waiting(),
        Optional.ofNullable(guard.breaker())
            .map(breaker -> Circuit.valueOf(breaker.state().name())),
        guard.retries() == null ? 0 : guard.retries().count(),
        route.upstreams().stream().map(this::runner).toList());
  }

  private RunnerTraffic runner(LiveUpstream upstream) {
    RunnerHealth health = upstream.health();
    return new RunnerTraffic(
        upstream.id().index(),
        upstream.generation(),
        upstream.activeRequests(),
        upstream.weight(),
        health != null && health.isEjected()
            ? Optional.of(instant(health.ejectedUntil()))
            : Optional.empty(),
        health == null ? 0 : health.ejections());
  }

  private Instant instant(long ticks) {
    return clock.instant().plusNanos(Math.max(0, ticks - ticker.getAsLong()));
  }
}
