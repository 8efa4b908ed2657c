package io.wasmrunner.proxy.policy;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.Year;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The formats that are checked: each in time that grows with the text and no faster. */
final class SafeFormats {
  private static final int LONGEST = 8_192;

  static final List<Format> ALL =
      List.of(
          text("date", SafeFormats::isDate),
          text("date-time", SafeFormats::isDateTime),
          text("uuid", SafeFormats::isUuid),
          text("email", SafeFormats::isEmail),
          text("uri", text -> isUri(text, true)),
          text("uri-reference", text -> isUri(text, false)),
          text("ipv4", SafeFormats::isIpv4),
          number("int32", node -> !node.isIntegralNumber() || node.canConvertToInt()),
          number("int64", node -> !node.isIntegralNumber() || node.canConvertToLong()));

  private SafeFormats() {}

  private record TextFormat(String name, Predicate<String> check)
      implements Format, Predicate<String> {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean matches(ExecutionContext execution, String value) {
      return test(value);
    }

    @Override
    public boolean test(String value) {
      return value.length() <= LONGEST && check.test(value);
    }
  }

  private record NumberFormat(String name, Predicate<JsonNode> check) implements Format {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean matches(ExecutionContext execution, SchemaContext schema, JsonNode value) {
      return check.test(value);
    }
  }

  /** The check of a format of texts; empty for others. */
  static Optional<Predicate<String>> text(String name) {
    return ALL.stream()
        .filter(format -> format.getName().equals(name))
        .filter(TextFormat.class::isInstance)
        .map(TextFormat.class::cast)
        .<Predicate<String>>map(format -> format)
        .findFirst();
  }

  private static Format text(String name, Predicate<String> check) {
    return new TextFormat(name, check);
  }

  private static Format number(String name, Predicate<JsonNode> check) {
    return new NumberFormat(name, check);
  }

  /** A date of ISO 8601 with a year of four digits. */
  static boolean isDate(String text) {
    return text.length() == 10 && isDateAtStart(text);
  }

  private static boolean isDateAtStart(String text) {
    if (text.charAt(4) != '-' || text.charAt(7) != '-') {
      return false;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    return year >= 0
        && month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= Month.of(month).length(Year.isLeap(year)));
  }

  /** The number that digits say; -1 when one of them is none. */
  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** A time of RFC 3339, and what ISO 8601 writes alike. */
  static boolean isDateTime(String text) {
    if (isUsualDateTime(text)) {
      return true;
    }
    try {
      return text.length() >= 20
          && OffsetDateTime.parse(text.replace(' ', 'T').replace('t', 'T').replace('z', 'Z'))
              != null;
    } catch (DateTimeException e) {
      // ISO offsets end with a minute; leap seconds are valid in RFC 3339.
      return text.contains(":60");
    }
  }

  /** Such as 2026-01-31T12:00:00.5Z: what nearly all texts are is found without exceptions. */
  private static boolean isUsualDateTime(String text) {
    int length = text.length();
    if (length < 20 || text.charAt(10) != 'T' || text.charAt(13) != ':' || text.charAt(16) != ':') {
      return false;
    }
    int at = 19;
    if (text.charAt(at) == '.') {
      int first = ++at;
      while (at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == first || at > first + 9) {
        return false;
      }
    }
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    return at < length
        && isDateAtStart(text)
        && hour >= 0
        && hour <= 23
        && minute >= 0
        && minute <= 59
        && second >= 0
        && second <= 59
        && (text.charAt(at) == 'Z' ? at == length - 1 : isUsualOffset(text, at));
  }

  private static boolean isUsualOffset(String text, int at) {
    if (at != text.length() - 6
        || "+-".indexOf(text.charAt(at)) < 0
        || text.charAt(at + 3) != ':') {
      return false;
    }
    int hours = digits(text, at + 1, at + 3);
    int minutes = digits(text, at + 4, at + 6);
    return hours >= 0 && hours < 18 && minutes >= 0 && minutes <= 59;
  }

  static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (dash ? c != '-' : !hex) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEmail(String text) {
    int at = text.lastIndexOf('@');
    return at > 0
        && at < text.length() - 1
        && text.length() <= 254
        && text.chars().allMatch(c -> c > ' ' && c != 0x7f);
  }

  private static boolean isUri(String text, boolean absolute) {
    try {
      URI uri = new URI(text);
      return !absolute || uri.isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      boolean number =
          !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!number || Integer.parseInt(part) > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
        return false;
      }
    }
    return true;
  }
}
