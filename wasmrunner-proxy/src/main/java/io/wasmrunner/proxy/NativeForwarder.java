package io.wasmrunner.proxy;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Our own forwarder: one {@link NativeExchange} per request, connections per runner. */
final class NativeForwarder implements Forwarder {
  /** Requests that may wait for a runner on this event loop; one more is refused. */
  static final int MOST_AWAITING = 1000;

  private final ProxyLoop loop;
  private final RunnerDialer dialer;
  private final int connections;
  private final int waiting;
  private final Map<LiveUpstream, RunnerConnections> runners = new HashMap<>();
  private int awaitingRunner;

  NativeForwarder(ProxyLoop loop) {
    ProxyLimits limits = loop.options().limits();
    this.loop = loop;
    this.dialer = new RunnerDialer(loop.context());
    this.connections = share(limits.connectionsPerRunner());
    this.waiting = share(limits.waitingPerRunner());
  }

  @Override
  public void forward(Exchange exchange) {
    new NativeExchange(this, exchange).start();
  }

  /** Whether one more request may wait until a runner can take it. */
  boolean mayAwaitRunner() {
    return awaitingRunner < MOST_AWAITING;
  }

  /** So many more requests wait for a runner now. */
  void awaitingRunner(int more) {
    awaitingRunner += more;
  }

  /** The connections to a runner. */
  RunnerConnections of(LiveUpstream upstream) {
    RunnerConnections known = runners.get(upstream);
    if (known == null) {
      known =
          new RunnerConnections(
              dialer, upstream.socket(), connections, waiting, loop.deadlines()::preciseNow);
      runners.put(upstream, known);
    }
    return known;
  }

  @Override
  public void routesChanged() {
    Set<LiveUpstream> current = new HashSet<>();
    loop.routes().table().routes().forEach(route -> current.addAll(route.upstreams()));
    List<LiveUpstream> gone = new ArrayList<>(runners.keySet());
    gone.removeAll(current);
    for (LiveUpstream upstream : gone) {
      RunnerConnections connected = runners.remove(upstream);
      if (connected != null) {
        connected.retire();
      }
    }
    leave(new HashSet<>(gone));
  }

  /** What would never end by itself leaves runners that are being replaced or stopped. */
  private void leave(Set<LiveUpstream> gone) {
    if (gone.isEmpty()) {
      return;
    }
    for (Deadlines.Watched watched : loop.deadlines().all()) {
      if (watched instanceof NativeExchange exchange && gone.contains(exchange.upstream())) {
        exchange.drain();
      }
    }
  }

  @Override
  public void sweep() {
    long limit = loop.options().limits().runnerIdle().toNanos();
    runners.values().forEach(connected -> connected.closeIdle(limit));
  }

  @Override
  public void drain() {
    for (Deadlines.Watched watched : loop.deadlines().all()) {
      if (watched instanceof NativeExchange exchange) {
        exchange.drain();
      }
    }
  }

  @Override
  public Future<Void> close() {
    return dialer.close();
  }

  /** The part of a bound of the process that falls to one event loop. */
  private int share(int bound) {
    int loops = loop.options().eventLoops();
    return (bound + loops - 1) / loops;
  }
}
