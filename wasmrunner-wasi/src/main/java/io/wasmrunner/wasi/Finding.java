package io.wasmrunner.wasi;

import java.util.List;
import java.util.Locale;

/**
 * Something about a module that costs speed.
 *
 * @param kind what it is
 * @param count how many functions, loops or bytes
 * @param places where, the largest first; not all when there are many. Names come from the module;
 *     unprintable characters are replaced
 */
public record Finding(Kind kind, long count, List<String> places) {
  /** Kinds of findings. */
  public enum Kind {
    /** Functions too large for a JVM method (64 KB of bytecode), which stay interpreted. */
    INTERPRETED_FUNCTIONS,
    /** Functions that the JIT leaves alone unless the JVM has -XX:-DontCompileHugeMethods. */
    HUGE_FUNCTIONS,
    /** Loops in functions that never return, which the JIT cannot compile while they run. */
    STUCK_LOOPS,
    /** Bytes of custom sections that make up most of a large file. */
    CUSTOM_SECTIONS;

    /** Stable name, such as {@code huge_functions}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the list. */
  public Finding {
    places = List.copyOf(places);
  }
}
