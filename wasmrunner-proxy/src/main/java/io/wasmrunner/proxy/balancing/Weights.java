package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** Arithmetic on the weights of upstreams. */
public final class Weights {
  private Weights() {}

  /** Whether they are not all the same. */
  public static boolean differ(List<? extends Upstream> upstreams) {
    double first = upstreams.get(0).weight();
    for (int i = 1; i < upstreams.size(); i++) {
      if (upstreams.get(i).weight() != first) {
        return true;
      }
    }
    return false;
  }

  /**
   * The one at a point of the line on which each takes up as much as its share.
   *
   * @param point from 0 to 1, that one excluded
   */
  static <U> U at(List<U> upstreams, ToDoubleFunction<? super U> share, double point) {
    double[] shares = new double[upstreams.size()];
    double total = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = share.applyAsDouble(upstreams.get(i));
      total += shares[i];
    }
    double left = point * total;
    for (int i = 0; i < shares.length - 1; i++) {
      left -= shares[i];
      if (left < 0) {
        return upstreams.get(i);
      }
    }
    return upstreams.get(shares.length - 1);
  }

  /**
   * Leaves upstreams of less weight out by lot, so that a strategy that knows nothing of weights
   * gives each about its share. The heaviest always stay.
   *
   * @param lot gives numbers from 0 to 1, that one excluded
   */
  public static <U extends Upstream> List<U> thinned(List<U> upstreams, DoubleSupplier lot) {
    double heaviest = 0;
    for (U upstream : upstreams) {
      heaviest = Math.max(heaviest, upstream.weight());
    }
    double most = heaviest;
    return upstreams.stream()
        .filter(
            upstream -> {
              double weight = upstream.weight();
              return weight >= most || lot.getAsDouble() < weight / most;
            })
        .toList();
  }
}
