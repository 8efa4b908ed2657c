package io.wasmrunner.proxy;

import org.jspecify.annotations.Nullable;

/** Targets of requests as they may be written down: values of the query are secrets. */
final class LoggedTarget {
  private static final int LONGEST = 2_048;
  private static final String MASK = "***";

  private LoggedTarget() {}

  /** Path and query with masked values. */
  static String of(@Nullable String path, @Nullable String query) {
    StringBuilder target = new StringBuilder(path == null ? "-" : path);
    if (query != null) {
      target.append('?');
      mask(query, target);
    }
    return shortened(target.toString());
  }

  /** A URL of another page; without what stands for a user. */
  static @Nullable String url(@Nullable String url) {
    if (url == null) {
      return null;
    }
    int question = url.indexOf('?');
    String path = question < 0 ? url : url.substring(0, question);
    int authority = path.indexOf("//");
    int user = authority < 0 ? -1 : path.lastIndexOf('@', endOfAuthority(path, authority + 2));
    if (user > authority) {
      path = path.substring(0, authority + 2) + path.substring(user + 1);
    }
    return of(path, question < 0 ? null : url.substring(question + 1));
  }

  private static int endOfAuthority(String url, int from) {
    int slash = url.indexOf('/', from);
    return slash < 0 ? url.length() : slash;
  }

  private static void mask(String query, StringBuilder target) {
    int at = 0;
    while (at <= query.length() && target.length() < LONGEST) {
      int end = query.indexOf('&', at);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', at);
      if (at > 0) {
        target.append('&');
      }
      if (equals >= 0 && equals < end) {
        target.append(query, at, equals + 1);
      }
      if (end > at) {
        target.append(MASK);
      }
      at = end + 1;
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
