package io.wasmrunner.proxy.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says about numbers. Decimals that lie on a bound, or too near to tell, are not
 * accepted.
 *
 * @param least the least integer
 * @param most the largest integer
 * @param above decimals are larger than this
 * @param below decimals are smaller than this
 * @param only the only integers there may be; null for any
 */
record QuickNumber(long least, long most, double above, double below, @Nullable Set<Long> only) {
  boolean accepts(long number) {
    return number >= least && number <= most && (only == null || only.contains(number));
  }

  boolean accepts(double number) {
    return number > above && number < below;
  }

  /** Whether any finite decimal fits. */
  boolean takesAnyDecimal() {
    return above == Double.NEGATIVE_INFINITY && below == Double.POSITIVE_INFINITY;
  }
}
