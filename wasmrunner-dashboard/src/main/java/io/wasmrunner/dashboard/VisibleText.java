package io.wasmrunner.dashboard;

import java.util.regex.Pattern;

/**
 * Makes text of modules harmless to look at: terminal colours are dropped, other control characters
 * and characters that change the direction of writing become visible.
 */
final class VisibleText {
  private static final Pattern TERMINAL_SEQUENCE =
      Pattern.compile(
          "(?:\u001b\\[|\u009b)[0-?]*+[ -/]*+[@-~]|\u001b\\][^\u0007\u001b]*+(?:\u0007|\u001b\\\\)?+");

  /** Joins emoji; harmless. */
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private VisibleText() {}

  /** The text as it may be shown on a page or a terminal. */
  static String of(String text) {
    String plain =
        text.indexOf('\u001b') >= 0 || text.indexOf('\u009b') >= 0
            ? TERMINAL_SEQUENCE.matcher(text).replaceAll("")
            : text;
    StringBuilder visible = new StringBuilder(plain.length());
    plain.codePoints().forEach(codePoint -> append(visible, codePoint));
    return visible.toString();
  }

  private static void append(StringBuilder visible, int codePoint) {
    if (codePoint == '\t' || codePoint == '\n') {
      visible.appendCodePoint(codePoint);
    } else if (codePoint < ' ') {
      visible.appendCodePoint(0x2400 + codePoint);
    } else if (changesReading(codePoint)) {
      visible.append("\u27e8U+%04X\u27e9".formatted(codePoint));
    } else {
      visible.appendCodePoint(codePoint);
    }
  }

  private static boolean changesReading(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || (type == Character.FORMAT && codePoint != ZERO_WIDTH_JOINER);
  }
}
