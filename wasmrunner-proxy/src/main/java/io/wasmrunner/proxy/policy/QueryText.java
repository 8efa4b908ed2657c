package io.wasmrunner.proxy.policy;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads queries and changes nothing about the parts that stay. */
final class QueryText {
  private QueryText() {}

  /** Calls back with each decoded name and the value as it came. */
  static void each(String query, BiConsumer<String, String> visitor) {
    int from = 0;
    while (from <= query.length()) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      if (end > from) {
        int equals = query.indexOf('=', from);
        boolean valued = equals >= 0 && equals < end;
        visitor.accept(
            decoded(query.substring(from, valued ? equals : end)),
            valued ? query.substring(equals + 1, end) : "");
      }
      from = end + 1;
    }
  }

  /** The first value of a parameter, decoded. */
  static @Nullable String first(String query, String name) {
    List<String> found = new ArrayList<>(1);
    each(
        query,
        (each, value) -> {
          if (found.isEmpty() && each.equals(name)) {
            found.add(decoded(value));
          }
        });
    return found.isEmpty() ? null : found.get(0);
  }

  /** The query without a parameter. */
  static String without(String query, String name) {
    StringBuilder left = new StringBuilder(query.length());
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (!decoded(equals < 0 ? part : part.substring(0, equals)).equals(name)) {
        left.append(left.isEmpty() ? "" : "&").append(part);
      }
    }
    return left.toString();
  }

  /** With escapes and plus signs resolved; as it is where that is not possible. */
  static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return QueryStringDecoder.decodeComponent(text);
    } catch (IllegalArgumentException broken) {
      return text;
    }
  }
}
