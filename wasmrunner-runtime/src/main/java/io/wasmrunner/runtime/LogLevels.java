package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine.Level;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the level at the beginning of a line: {@code [ERROR] x}, {@code WARN x}, {@code info: x}, a
 * timestamp before it or not. Any other word is no level.
 */
final class LogLevels {
  private static final String NAMES = "TRACE|DEBUG|INFO|WARN|WARNING|ERROR";
  private static final String TIMESTAMP =
      "(?:\\d{4}-\\d\\d-\\d\\d[T ][0-9:.,]+(?:Z|[+-]\\d\\d:?\\d\\d)?\\s+)?";
  private static final Pattern IN_BRACKETS =
      Pattern.compile(
          "\\s*\\[" + TIMESTAMP + "(" + NAMES + ")[\\s\\]].*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern BARE =
      Pattern.compile("\\s*" + TIMESTAMP + "\\[?(" + NAMES + ")[\\]:\\s].*", Pattern.DOTALL);
  private static final int LONGEST_START = 100;

  private LogLevels() {}

  /** The level that the line names. */
  static Optional<Level> find(String line) {
    String start = line.length() > LONGEST_START ? line.substring(0, LONGEST_START) : line;
    for (Pattern form : new Pattern[] {IN_BRACKETS, BARE}) {
      Matcher matcher = form.matcher(start);
      if (matcher.matches()) {
        String name = matcher.group(1).toUpperCase(Locale.ROOT);
        return Optional.of(name.equals("WARNING") ? Level.WARN : Level.valueOf(name));
      }
    }
    return Optional.empty();
  }
}
