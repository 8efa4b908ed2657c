package io.wasmrunner.wasi;

/**
 * Text out of a module as it may go to a terminal or a page: it is whatever someone wrote there.
 */
final class PrintableText {
  private static final int MAX_CHARS = 80;

  private PrintableText() {}

  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARS)
        .map(c -> Character.isLetterOrDigit(c) || (c > 0x20 && c < 0x7f) ? c : '?')
        .forEach(shown::appendCodePoint);
    return text.length() > MAX_CHARS ? shown + "..." : shown.toString();
  }
}
