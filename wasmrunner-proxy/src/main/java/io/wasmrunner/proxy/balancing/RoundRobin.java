package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * One after the other, by one counter for all event loops.
 *
 * <p>With different weights the counter walks around a circle by the golden angle, and each
 * upstream has an arc of its share. Any number of steps falls evenly on the circle, so the order is
 * as smooth as that of a scheduler with a credit per upstream, without its state and lock, and
 * weights may change from step to step.
 */
public final class RoundRobin implements LoadBalancingStrategy {
  /** Golden ratio minus one, in units of 2^-32. */
  private static final int GOLDEN = 0x9E3779B9;

  private final AtomicInteger turn;

  /** Makes one that begins with the first. */
  public RoundRobin() {
    this(0);
  }

  RoundRobin(int firstTurn) {
    this.turn = new AtomicInteger(firstTurn);
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    return pick(available);
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }

  /** As {@link #choose}. */
  public <U extends Upstream> U pick(List<U> available) {
    return Weights.differ(available)
        ? byShare(available, Upstream::weight)
        // The counter wraps below zero; floorMod keeps the index valid.
        : available.get(Math.floorMod(turn.getAndIncrement(), available.size()));
  }

  /** The next one when each has such a share. */
  <U extends Upstream> U byShare(List<U> available, ToDoubleFunction<? super U> share) {
    int angle = turn.getAndIncrement() * GOLDEN;
    return Weights.at(available, share, Integer.toUnsignedLong(angle) / 0x1p32);
  }
}
