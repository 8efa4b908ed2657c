package io.wasmrunner.proxy;

/** Names under which requests are counted: the path, with identifiers made alike. */
final class EndpointName {
  private static final String PLACEHOLDER = "{id}";
  private static final int LONGEST = 200;

  private EndpointName() {}

  /**
   * Name for a path below the prefix: without slashes at the ends, its numbers, UUIDs and long
   * hexadecimal segments as <code>{id}</code>; {@code /} for the root; empty for one too long to
   * keep.
   */
  static String of(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    if (start == end) {
      return "/";
    }
    if (end - start > LONGEST) {
      return "";
    }
    StringBuilder name = null;
    int kept = start;
    for (int from = start; from < end; ) {
      int to = path.indexOf('/', from);
      if (to < 0 || to > end) {
        to = end;
      }
      if (isIdentifier(path, from, to)) {
        if (name == null) {
          name = new StringBuilder(end - start);
        }
        name.append(path, kept, from).append(PLACEHOLDER);
        kept = to;
      }
      from = to + 1;
    }
    return name == null ? path.substring(start, end) : name.append(path, kept, end).toString();
  }

  private static boolean isIdentifier(String path, int from, int to) {
    int digits = 0;
    int hexLetters = 0;
    int hyphens = 0;
    for (int i = from; i < to; i++) {
      char c = path.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        hexLetters++;
      } else if (c == '-') {
        hyphens++;
      } else {
        return false;
      }
    }
    if (digits == 0) {
      return false;
    }
    boolean number = hexLetters == 0 && hyphens == 0;
    boolean uuid = hyphens == 4 && to - from == 36;
    boolean hash = hyphens == 0 && to - from >= 16;
    return number || uuid || hash;
  }
}
