package io.wasmrunner.runtime;

import java.util.BitSet;
import java.util.List;

/** Which HTTP statuses mean healthy. */
final class ExpectedStatus {
  private static final int OF_A_CLASS = 100;

  private final BitSet statuses = new BitSet();

  /**
   * Reads a setting that passed the schema.
   *
   * @param setting a number, a class such as {@code 2xx}, or a list of them
   */
  ExpectedStatus(Object setting) {
    for (Object each : setting instanceof List<?> list ? list : List.of(setting)) {
      if (each instanceof Number number) {
        statuses.set(number.intValue());
      } else {
        int first = (each.toString().charAt(0) - '0') * OF_A_CLASS;
        statuses.set(first, first + OF_A_CLASS);
      }
    }
  }

  boolean fits(int status) {
    return statuses.get(status);
  }
}
