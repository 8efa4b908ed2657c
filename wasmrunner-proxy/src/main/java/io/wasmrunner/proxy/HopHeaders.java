package io.wasmrunner.proxy;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Header fields that concern one connection only: RFC 9110, 7.6.1. */
final class HopHeaders {
  /** What is for every recipient, so that naming it in Connection is void, as is Content-…. */
  private static final Set<String> FOR_EVERYBODY =
      Set.of(
          "authorization",
          "cache-control",
          "cookie",
          "date",
          "etag",
          "expires",
          "host",
          "last-modified",
          "location",
          "origin",
          "range",
          "retry-after",
          "set-cookie",
          "vary",
          "www-authenticate");

  private HopHeaders() {}

  /** Whether the field never goes further. */
  static boolean is(CharSequence name) {
    // By length first: few fields get past it.
    return switch (name.length()) {
      case 2 -> same(name, "te");
      case 7 -> same(name, "upgrade") || same(name, "trailer");
      case 10 -> same(name, "connection") || same(name, "keep-alive");
      case 16 -> same(name, "proxy-connection");
      case 17 -> same(name, "transfer-encoding");
      case 18 -> same(name, "proxy-authenticate");
      case 19 -> same(name, "proxy-authorization");
      default -> false;
    };
  }

  private static boolean same(CharSequence name, String other) {
    return AsciiString.contentEqualsIgnoreCase(name, other);
  }

  /**
   * Fields that the values of a message's Connection fields name, in lower case, without those that
   * frame the message or are for everybody: RFC 9110, 7.6.1.
   */
  static Set<String> namedIn(List<String> connection) {
    Set<String> names = Set.of();
    for (String value : connection) {
      if (value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
        continue;
      }
      for (String token : value.split(",", -1)) {
        String name = token.strip().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !isForEverybody(name)) {
          if (names.isEmpty()) {
            names = new HashSet<>();
          }
          names.add(name);
        }
      }
    }
    return names;
  }

  private static boolean isForEverybody(String name) {
    return name.startsWith("content-") || FOR_EVERYBODY.contains(name);
  }

  /** A header without the fields that its Connection fields name; often the same. */
  static MultiMap passed(MultiMap header) {
    Set<String> named = namedIn(header.getAll(HttpHeaders.CONNECTION));
    if (named.isEmpty()) {
      return header;
    }
    MultiMap rest = MultiMap.caseInsensitiveMultiMap().addAll(header);
    named.forEach(rest::remove);
    return rest;
  }

  /** Whether the field is one of those named so. */
  static boolean isNamed(Set<String> named, CharSequence name) {
    return !named.isEmpty() && named.contains(name.toString().toLowerCase(Locale.ROOT));
  }

  /** Whether the values of a message's Connection fields hold this option. */
  static boolean hasOption(List<String> connection, String option) {
    for (String value : connection) {
      for (String token : value.split(",", -1)) {
        if (token.strip().equalsIgnoreCase(option)) {
          return true;
        }
      }
    }
    return false;
  }
}
