package io.wasmrunner.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a check found.
 *
 * @param id stable name of the check
 * @param status how bad it is
 * @param words key of the words below the id
 * @param arguments figures and names for the words
 */
record Finding(String id, Status status, String words, List<Object> arguments) {
  /** How bad it is, the best first. */
  enum Status {
    /** As it should be. */
    OK,
    /** Could not be looked at, or does not apply. */
    SKIPPED,
    /** Works, but look at it. */
    WARNING,
    /** Something will not work. */
    ERROR;

    /** As JSON writes it. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the list. */
  Finding {
    arguments = List.copyOf(arguments);
  }

  static Finding ok(String id, Object... arguments) {
    return new Finding(id, Status.OK, "ok", Arrays.asList(arguments));
  }

  static Finding skipped(String id, String words, Object... arguments) {
    return new Finding(id, Status.SKIPPED, words, Arrays.asList(arguments));
  }

  static Finding warning(String id, String words, Object... arguments) {
    return new Finding(id, Status.WARNING, words, Arrays.asList(arguments));
  }

  static Finding error(String id, String words, Object... arguments) {
    return new Finding(id, Status.ERROR, words, Arrays.asList(arguments));
  }
}
