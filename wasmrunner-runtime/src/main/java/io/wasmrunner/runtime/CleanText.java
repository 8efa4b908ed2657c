package io.wasmrunner.runtime;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Makes bytes of a guest safe to show: broken UTF-8 becomes U+FFFD, terminal sequences go, and what
 * else could steer a terminal or turn a text around becomes visible.
 */
final class CleanText {
  /** Longest line in bytes of UTF-8, the mark of a cut included. */
  static final int LIMIT = 8192;

  private static final Pattern TERMINAL_SEQUENCE =
      Pattern.compile(
          "\\u001B\\[[0-?]*[ -/]*[@-~]" // CSI, such as colours
              + "|\\u001B\\][^\\u0007\\u001B]*(?:\\u0007|\\u001B\\\\)" // OSC, such as titles
              + "|\\u001B[ -/]*[0-~]");
  private static final char REPLACEMENT = '\uFFFD';
  private static final int CONTROL_PICTURES = 0x2400;

  private CleanText() {}

  /**
   * The text of a line.
   *
   * @param bytes the line, or the beginning of it
   * @param dropped bytes of the line that are not there
   */
  static String of(byte[] bytes, long dropped) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\u001B') >= 0) {
      text = TERMINAL_SEQUENCE.matcher(text).replaceAll("");
    }
    return fit(visible(text), bytes.length + dropped, dropped > 0);
  }

  /** Any text, as one safe line. */
  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8), 0);
  }

  private static String visible(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      clean.append(visible(text.charAt(i)));
    }
    return clean.toString();
  }

  private static char visible(char c) {
    if (c < ' ') {
      return c == '\t' ? c : (char) (CONTROL_PICTURES + c);
    }
    boolean steers =
        (c >= '\u007F' && c <= '\u009F') // DEL and C1
            || (c >= '\u2028' && c <= '\u202E') // line separators and direction overrides
            || (c >= '\u2066' && c <= '\u2069') // direction isolates
            || c == '\uFEFF';
    return steers ? REPLACEMENT : c;
  }

  private static String fit(String text, long originalBytes, boolean cut) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!cut && utf8.length <= LIMIT) {
      return text;
    }
    String mark = " … [cut, the line has " + originalBytes + " bytes]";
    int room = LIMIT - mark.getBytes(StandardCharsets.UTF_8).length;
    int end = Math.min(room, utf8.length);
    while (end > 0 && end < utf8.length && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8) + mark;
  }
}
