package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a line stands in a log file: {@code time LEVEL runner generation stream sequence text}, each
 * after one blank. The text has no line ends: those of guests are where their lines end.
 */
final class LogText {
  private static final int FIELDS = 7;

  private LogText() {}

  static String of(LogLine line) {
    return line.at()
        + " "
        + line.level()
        + " "
        + line.runner()
        + " "
        + line.generation()
        + " "
        + line.stream().name().toLowerCase(Locale.ROOT)
        + " "
        + line.sequence()
        + " "
        + line.text();
  }

  /** The line; empty when it is none of ours, such as one that a power cut has torn. */
  static Optional<LogLine> parse(String written) {
    String[] fields = written.split(" ", FIELDS);
    if (fields.length < FIELDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LogLine(
              Long.parseLong(fields[5]),
              Instant.parse(fields[0]),
              Integer.parseInt(fields[2]),
              Long.parseLong(fields[3]),
              Stream.valueOf(fields[4].toUpperCase(Locale.ROOT)),
              Level.valueOf(fields[1]),
              fields[6]));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
