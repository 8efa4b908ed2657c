package io.wasmrunner.proxy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An entry of the access log as a line of visible ASCII: nothing a client sends makes two. */
final class AccessLine {
  private static final DateTimeFormatter COMMON_TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_TEXT = 2_100;
  private static final double MICROS = 1e6;

  private final StringBuilder line = new StringBuilder(512);

  private AccessLine() {}

  static String of(AccessEntry entry, AccessLogOptions.Format format) {
    AccessLine line = new AccessLine();
    if (format == AccessLogOptions.Format.JSON) {
      line.json(entry);
    } else {
      line.common(entry);
    }
    return line.line.append('\n').toString();
  }

  private void common(AccessEntry entry) {
    line.append(entry.client().isEmpty() ? "-" : entry.client()).append(" - - [");
    COMMON_TIME.formatTo(entry.at(), line);
    line.append("] \"");
    plain(entry.method());
    line.append(' ');
    plain(entry.target());
    line.append(' ').append(entry.protocol()).append("\" ").append(entry.status()).append(' ');
    line.append(entry.bytes());
    quoted(entry.referer());
    quoted(entry.userAgent());
    line.append(' ').append(String.format(Locale.ROOT, "%.6f", entry.micros() / MICROS));
    word(entry.runner() == null ? entry.service() : entry.runner());
    word(entry.requestId());
    word(entry.code());
  }

  private void quoted(@Nullable String text) {
    line.append(" \"");
    plain(text == null ? "-" : text);
    line.append('"');
  }

  private void word(@Nullable String text) {
    line.append(' ');
    plain(text == null ? "-" : text);
  }

  /** As Apache and nginx do it. */
  private void plain(String text) {
    int end = Math.min(text.length(), LONGEST_TEXT);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (isVisible(c)) {
        line.append(c);
      } else if (c < 0x100) {
        line.append(String.format(Locale.ROOT, "\\x%02X", (int) c));
      } else {
        line.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      }
    }
  }

  private void json(AccessEntry entry) {
    line.append("{\"time\":\"").append(time(entry.at())).append('"');
    member("client", entry.client());
    member("method", entry.method());
    member("target", entry.target());
    member("protocol", entry.protocol());
    line.append(",\"status\":").append(entry.status());
    line.append(",\"bytes\":").append(entry.bytes());
    line.append(",\"duration_us\":").append(entry.micros());
    member("service", entry.service());
    member("runner", entry.runner());
    member("code", entry.code());
    member("request_id", entry.requestId());
    member("trace_id", entry.traceId());
    member("referer", entry.referer());
    member("user_agent", entry.userAgent());
    line.append('}');
  }

  private void member(String name, @Nullable String text) {
    if (text == null) {
      return;
    }
    line.append(",\"").append(name).append("\":\"");
    int end = Math.min(text.length(), LONGEST_TEXT);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (isVisible(c)) {
        line.append(c);
      } else {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    line.append('"');
  }

  private static boolean isVisible(char c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
  }

  private static String time(Instant at) {
    return DateTimeFormatter.ISO_INSTANT.format(at);
  }
}
