package io.wasmrunner.proxy;

/** The paths of the entry point that are wasmrunner's own. */
final class Reserved {
  private static final String MANAGEMENT = "/__runner__";

  private Reserved() {}

  /** Whether the path belongs to the management handler. */
  static boolean is(String path) {
    return switch (path.length()) {
      case 1 -> path.equals("/");
      case 6 -> path.equals("/ready");
      case 7 -> path.equals("/health");
      case 12 -> path.equals("/favicon.ico") || path.startsWith(MANAGEMENT + "/");
      default ->
          path.startsWith(MANAGEMENT)
              && (path.length() == MANAGEMENT.length() || path.charAt(MANAGEMENT.length()) == '/');
    };
  }
}
