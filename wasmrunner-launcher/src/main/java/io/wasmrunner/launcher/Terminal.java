package io.wasmrunner.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Texts and figures from elsewhere, as a terminal may show them. */
final class Terminal {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private Terminal() {}

  /** Text that cannot steer the terminal. */
  static String text(JsonNode node) {
    return text(node.asString(""));
  }

  static String text(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                safe.appendCodePoint(
                    (Character.isISOControl(c) && c != '\t') || isDirection(c) ? '\uFFFD' : c));
    return safe.toString();
  }

  private static boolean isDirection(int codePoint) {
    return (codePoint >= 0x202A && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  static String bytes(long bytes) {
    if (bytes < 1 << 20) {
      return Math.round(bytes / 1024.0) + " KiB";
    }
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

  /** How long ago a moment was, or how far ahead it is. */
  static String span(Duration span) {
    long seconds = Math.abs(span.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds < 86_400
        ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
        : seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }

  /** An amount of time in JSON, such as {@code PT0.0084S}. */
  static String spent(JsonNode amount) {
    Duration spent;
    try {
      spent = Duration.parse(amount.asString(""));
    } catch (DateTimeParseException e) {
      return text(amount);
    }
    long millis = Math.round(spent.toNanos() / 1e6);
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    long minutes = spent.toMinutes();
    return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }

  /** Time between a moment in JSON and now; empty when there is none. */
  static String since(JsonNode moment, Instant now) {
    try {
      return span(Duration.between(Instant.parse(moment.asString("")), now));
    } catch (DateTimeParseException e) {
      return "";
    }
  }

  /** A moment in JSON in this machine's zone. */
  static String time(JsonNode moment) {
    try {
      return TIME.withZone(ZoneId.systemDefault()).format(Instant.parse(moment.asString("")));
    } catch (DateTimeParseException e) {
      return text(moment);
    }
  }
}
