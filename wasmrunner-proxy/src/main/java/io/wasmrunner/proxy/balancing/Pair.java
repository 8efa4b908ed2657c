package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Two different upstreams by lot, the heavier the likelier; the same one twice if there is no
 * other.
 *
 * @param first the one drawn first
 * @param second the other
 */
record Pair(Upstream first, Upstream second) {
  /**
   * Draws.
   *
   * @param lot gives numbers from 0 to 1, that one excluded
   */
  static Pair draw(List<Upstream> available, DoubleSupplier lot) {
    if (available.size() == 1 || !Weights.differ(available)) {
      return drawEvenly(available, lot);
    }
    Upstream first = Weights.at(available, Upstream::weight, lot.getAsDouble());
    Upstream second =
        Weights.at(available, other -> other == first ? 0 : other.weight(), lot.getAsDouble());
    return new Pair(first, second);
  }

  /** As {@link #draw}, all of them as likely as each other. */
  static Pair drawEvenly(List<Upstream> available, DoubleSupplier lot) {
    int size = available.size();
    if (size == 1) {
      return new Pair(available.get(0), available.get(0));
    }
    int one = (int) (lot.getAsDouble() * size);
    int other = (one + 1 + (int) (lot.getAsDouble() * (size - 1))) % size;
    return new Pair(available.get(one), available.get(other));
  }
}
