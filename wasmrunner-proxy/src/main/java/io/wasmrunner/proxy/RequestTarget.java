package io.wasmrunner.proxy;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path and query of a request as they came, checked.
 *
 * <p>This is the one place that decides which paths are safe. Nothing is rewritten, except that
 * bytes outside ASCII are percent-encoded; what a service could read in two ways is refused.
 *
 * @param path raw path, percent-encoding untouched, with a leading slash
 * @param suffix {@code ?} and the raw query; empty without a query
 */
record RequestTarget(String path, String suffix) {

  private static final Pattern HIDDEN_SLASH = Pattern.compile("%2f|%5c", Pattern.CASE_INSENSITIVE);
  private static final Pattern ENCODED_DOT = Pattern.compile("%2e", Pattern.CASE_INSENSITIVE);

  /** A target that is refused, and why. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason, null, false, false);
    }

    /** One line for people. */
    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Parses a request target in origin or absolute form.
   *
   * @throws Refused when it is malformed or ambiguous
   */
  static RequestTarget parse(String raw) throws Refused {
    String uri = raw;
    if (uri.isEmpty() || uri.charAt(0) != '/') {
      uri = originForm(uri);
    }
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    String suffix = query < 0 ? "" : uri.substring(query);
    if (!isPlain(path)) {
      path = checked(path);
    }
    if (!suffix.isEmpty()) {
      suffix = visible(suffix, "query");
    }
    return new RequestTarget(path, suffix);
  }

  /**
   * The path as one reads it who takes encoded slashes, backslashes and runs of slashes for one.
   */
  String openPath() {
    if (path.indexOf('%') < 0 && !path.contains("//")) {
      return path;
    }
    return HIDDEN_SLASH.matcher(path).replaceAll("/").replaceAll("/{2,}", "/");
  }

  private static String originForm(String uri) throws Refused {
    String lower = uri.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      throw new Refused("the request target must be a path that begins with /");
    }
    int authority = uri.indexOf("//") + 2;
    int end = authority;
    while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
      end++;
    }
    String rest = uri.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /** The fast way out: only unreserved characters, and no dot after a slash. */
  private static boolean isPlain(String path) {
    char before = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '/'
              || c == '-'
              || c == '_'
              || c == '~'
              || (c == '.' && before != '/');
      if (!plain) {
        return false;
      }
      before = c;
    }
    return true;
  }

  private static String checked(String path) throws Refused {
    String safe = visible(path, "path");
    for (int i = safe.indexOf('%'); i >= 0; i = safe.indexOf('%', i + 1)) {
      int octet = octet(safe, i);
      if (octet < 0) {
        throw new Refused("the path holds % without two hexadecimal digits after it");
      }
      if (octet < 0x20 || octet == 0x7f) {
        throw new Refused("the path holds an encoded control character");
      }
    }
    if (hasDotSegment(safe)) {
      throw new Refused("the path holds a . or .. segment");
    }
    return safe;
  }

  private static String visible(String text, String part) throws Refused {
    @Nullable StringBuilder encoded = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= 0x20 || c == 0x7f || c == '#' || c > 0xff) {
        throw new Refused("the " + part + " holds a character that must be percent-encoded");
      }
      if (c == '\\' && part.equals("path")) {
        throw new Refused("the path holds a backslash");
      }
      if (c >= 0x80 && encoded == null) {
        encoded = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (encoded != null) {
        if (c >= 0x80) {
          encoded.append('%').append(hex(c >> 4)).append(hex(c & 0xf));
        } else {
          encoded.append(c);
        }
      }
    }
    return encoded == null ? text : encoded.toString();
  }

  private static boolean hasDotSegment(String path) {
    String open = ENCODED_DOT.matcher(HIDDEN_SLASH.matcher(path).replaceAll("/")).replaceAll(".");
    int start = 0;
    while (start <= open.length()) {
      int end = open.indexOf('/', start);
      if (end < 0) {
        end = open.length();
      }
      int length = end - start;
      if ((length == 1 || length == 2)
          && open.charAt(start) == '.'
          && open.charAt(end - 1) == '.') {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  private static int octet(String text, int percent) {
    if (percent + 2 >= text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(percent + 1), 16);
    int low = Character.digit(text.charAt(percent + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static char hex(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble, 16));
  }
}
