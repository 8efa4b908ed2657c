package io.wasmrunner.proxy;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One after the other, by one counter for all event loops. */
final class RoundRobin implements LoadBalancingStrategy {
  private final AtomicInteger turn;

  RoundRobin() {
    this(0);
  }

  RoundRobin(int firstTurn) {
    this.turn = new AtomicInteger(firstTurn);
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    return pick(available);
  }

  <U> U pick(List<U> available) {
    // The counter wraps below zero; floorMod keeps the index valid.
    return available.get(Math.floorMod(turn.getAndIncrement(), available.size()));
  }
}
