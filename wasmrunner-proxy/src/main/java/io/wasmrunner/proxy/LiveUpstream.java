package io.wasmrunner.proxy;

import io.vertx.core.net.SocketAddress;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.spi.Upstream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** One generation of a runner: its counters live as long as it does. Thread-safe. */
final class LiveUpstream implements Upstream {
  private static final long NEVER = Long.MIN_VALUE;

  private final RouteUpstream definition;
  private final int limit;
  private final SocketAddress socket;
  private final String label;
  private final String authority;
  private final AtomicInteger active = new AtomicInteger();
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder micros = new LongAdder();
  private final AtomicLong suspectedAt = new AtomicLong(NEVER);

  /** Makes an upstream that takes so many requests at once. */
  LiveUpstream(RouteUpstream definition, int limit) {
    this.definition = definition;
    this.limit = limit;
    this.socket =
        SocketAddress.inetSocketAddress(definition.address().port(), definition.address().host());
    this.label = definition.id().toString();
    this.authority = definition.address().toString();
  }

  @Override
  public RunnerId id() {
    return definition.id();
  }

  @Override
  public RunnerAddress address() {
    return definition.address();
  }

  @Override
  public int activeRequests() {
    return active.get();
  }

  /** Which generation of the runner. */
  long generation() {
    return definition.generation();
  }

  /** Where to connect to. */
  SocketAddress socket() {
    return socket;
  }

  /** {@code service/index}. */
  String label() {
    return label;
  }

  /** Value of the Host header it gets. */
  String authority() {
    return authority;
  }

  /** Whether it has as many requests as it may. */
  boolean full() {
    return active.get() >= limit;
  }

  /** A request was given to it. */
  void begin() {
    active.incrementAndGet();
  }

  /** A request that was given to it is over. */
  void end() {
    active.decrementAndGet();
  }

  /** A request that it was given was answered, or failed on it. */
  void completed(long nanos, boolean asFailure) {
    completed.increment();
    micros.add(Math.max(0, nanos) / 1000);
    if (asFailure) {
      failed.increment();
    }
  }

  /** What it does and did. */
  UpstreamActivity activity() {
    return new UpstreamActivity(active.get(), completed.sum(), failed.sum(), micros.sum());
  }

  /** Whether it has not been suspected for this long; asking counts as a suspicion. */
  boolean maySuspect(long now, long pauseNanos) {
    long before = suspectedAt.get();
    return (before == NEVER || now - before >= pauseNanos)
        && suspectedAt.compareAndSet(before, now);
  }

  /** Whether this is the very generation at the very place. */
  boolean is(RouteUpstream other) {
    return definition.id().equals(other.id())
        && definition.generation() == other.generation()
        && definition.address().equals(other.address());
  }

  @Override
  public String toString() {
    return label + " at " + authority;
  }
}
