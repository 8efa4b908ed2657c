package io.wasmrunner.runtime;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the key {@code prefix}. */
final class PrefixReader {
  static final String BAD_PREFIX = "WR-2020";
  static final String RESERVED_PREFIX = "WR-2021";
  static final String PREFIX_SLASHES = "WR-2035";

  private static final String POINTER = "/prefix";
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@-]+");
  private static final List<String> RESERVED =
      List.of("__runner__", "health", "ready", "favicon.ico");

  private PrefixReader() {}

  /** The prefix without slashes at its ends, if it can be used. */
  static Optional<String> read(ServiceJson json) {
    if (!json.at(POINTER).isString() || json.at(POINTER).stringValue().isEmpty()) {
      return Optional.empty();
    }
    String written = json.at(POINTER).stringValue();
    String prefix = OpenApiFile.trimSlashes(written);
    for (String segment : prefix.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
        json.error(
            BAD_PREFIX,
            POINTER,
            "path segments of letters, digits and - . _ ~, such as \"hello\" or \"shop/orders\"",
            ViolationText.quote(written),
            "write what stands between the slashes of the address");
        return Optional.empty();
      }
    }
    String first = prefix.split("/", 2)[0];
    if (RESERVED.contains(first)) {
      json.error(
          RESERVED_PREFIX,
          POINTER,
          "a prefix that wasmrunner does not use itself (" + String.join(", ", RESERVED) + ")",
          ViolationText.quote(written),
          "choose another prefix");
      return Optional.empty();
    }
    if (!prefix.equals(written)) {
      json.warning(
          PREFIX_SLASHES,
          POINTER,
          "a prefix without slashes at its ends",
          ViolationText.quote(written),
          "write \"" + prefix + "\"");
    }
    return Optional.of(prefix);
  }
}
