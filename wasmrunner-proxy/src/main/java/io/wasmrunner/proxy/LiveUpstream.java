package io.wasmrunner.proxy;

import io.vertx.core.net.SocketAddress;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.proxy.resilience.RunnerHealth;
import io.wasmrunner.spi.Upstream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One generation of a runner: its counters live as long as it does. Thread-safe. */
final class LiveUpstream implements Upstream {
  private static final long NEVER = Long.MIN_VALUE;

  /** The share that a runner gets at the beginning of its slow start. */
  private static final double COLD = 0.1;

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
  private final LongSupplier ticker;
  private final AtomicLong warmsUpSince = new AtomicLong(NEVER);
  private volatile long warmUpNanos;
  private volatile double share = 1;
  private volatile @Nullable RunnerHealth health;

  /** Makes an upstream that takes so many requests at once. */
  LiveUpstream(RouteUpstream definition, int limit, LongSupplier ticker) {
    this.ticker = ticker;
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

  @Override
  public double weight() {
    long since = warmsUpSince.get();
    if (since == NEVER) {
      return share;
    }
    long passed = ticker.getAsLong() - since;
    long whole = warmUpNanos;
    if (passed >= whole) {
      warmsUpSince.compareAndSet(since, NEVER);
      return share;
    }
    return share * Math.max(COLD, (double) passed / whole);
  }

  /** Takes over what the service says about it. */
  void configure(int weight, long slowStartNanos) {
    share = weight;
    warmUpNanos = slowStartNanos;
  }

  /** Begins its slow start, if there is one. */
  void warmUp() {
    if (warmUpNanos > 0) {
      warmsUpSince.set(ticker.getAsLong());
    }
  }

  /** What its guard knows of it, if that wants to know anything. */
  @Nullable RunnerHealth health() {
    return health;
  }

  void watchedAs(@Nullable RunnerHealth known) {
    health = known;
  }

  /** Whether its guard has left it out. */
  boolean isEjected() {
    RunnerHealth known = health;
    return known != null && known.isEjected();
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
