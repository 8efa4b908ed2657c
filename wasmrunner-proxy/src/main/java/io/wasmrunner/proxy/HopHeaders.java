package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Header fields that concern one connection only: RFC 9110, 7.6.1. */
final class HopHeaders {
  private HopHeaders() {}

  /** Whether the field never goes further. */
  static boolean is(String name) {
    // By length first: few fields get past it.
    return switch (name.length()) {
      case 2 -> name.equalsIgnoreCase("te");
      case 7 -> name.equalsIgnoreCase("upgrade") || name.equalsIgnoreCase("trailer");
      case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
      case 16 -> name.equalsIgnoreCase("proxy-connection");
      case 17 -> name.equalsIgnoreCase("transfer-encoding");
      case 18 -> name.equalsIgnoreCase("proxy-authenticate");
      case 19 -> name.equalsIgnoreCase("proxy-authorization");
      default -> false;
    };
  }

  /** Fields that the message's Connection field names, in lower case. */
  static Set<String> namedIn(MultiMap headers) {
    List<String> values = headers.getAll(HttpHeaders.CONNECTION);
    if (values.isEmpty()) {
      return Set.of();
    }
    Set<String> names = Set.of();
    for (String value : values) {
      if (value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
        continue;
      }
      for (String token : value.split(",", -1)) {
        String name = token.strip().toLowerCase(Locale.ROOT);
        if (!name.isEmpty()) {
          if (names.isEmpty()) {
            names = new HashSet<>();
          }
          names.add(name);
        }
      }
    }
    return names;
  }

  /** Whether the Connection field holds this option. */
  static boolean hasOption(MultiMap headers, String option) {
    for (String value : headers.getAll(HttpHeaders.CONNECTION)) {
      for (String token : value.split(",", -1)) {
        if (token.strip().equalsIgnoreCase(option)) {
          return true;
        }
      }
    }
    return false;
  }
}
