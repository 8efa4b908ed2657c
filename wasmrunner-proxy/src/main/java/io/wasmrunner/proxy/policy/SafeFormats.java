package io.wasmrunner.proxy.policy;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
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

  private record TextFormat(String name, Predicate<String> check) implements Format {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean matches(ExecutionContext execution, String value) {
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

  private static Format text(String name, Predicate<String> check) {
    return new TextFormat(name, check);
  }

  private static Format number(String name, Predicate<JsonNode> check) {
    return new NumberFormat(name, check);
  }

  private static boolean isDate(String text) {
    try {
      return text.length() == 10 && LocalDate.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    try {
      return text.length() >= 20
          && OffsetDateTime.parse(text.replace(' ', 'T').replace('t', 'T').replace('z', 'Z'))
              != null;
    } catch (DateTimeException e) {
      // ISO offsets end with a minute; leap seconds are valid in RFC 3339.
      return text.contains(":60");
    }
  }

  private static boolean isUuid(String text) {
    try {
      return text.length() == 36 && UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
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
