package io.wasmrunner.proxy;

import java.util.List;
import java.util.Optional;

/** Finds {@code name=value} in cookies and queries. */
final class NamedValue {
  private NamedValue() {}

  /** The first value of this name, as it stands there. */
  static Optional<String> firstOf(List<String> texts, String separator, String name) {
    for (String text : texts) {
      int from = 0;
      while (from <= text.length()) {
        int end = text.indexOf(separator, from);
        int stop = end < 0 ? text.length() : end;
        while (from < stop && text.charAt(from) == ' ') {
          from++;
        }
        int value = from + name.length();
        if (value < stop && text.charAt(value) == '=' && text.startsWith(name, from)) {
          return Optional.of(text.substring(value + 1, stop));
        }
        from = stop + 1;
      }
    }
    return Optional.empty();
  }
}
