package io.wasmrunner.proxy;

import java.nio.charset.StandardCharsets;

/** Classes of bytes in HTTP: RFC 9110, 5.6. */
final class Octets {
  private static final byte TOKEN = 1;
  private static final byte FORBIDDEN = 2;
  private static final byte HOST = 4;
  private static final byte[] CLASSES = new byte[256];

  static {
    for (int c = 0; c < 0x20; c++) {
      CLASSES[c] = c == '\t' ? 0 : FORBIDDEN;
    }
    CLASSES[0x7f] = FORBIDDEN;
    for (int c = '0'; c <= 'z'; c++) {
      if (Character.isLetterOrDigit(c)) {
        CLASSES[c] = TOKEN | HOST;
      }
    }
    mark("!#$%&'*+-.^_`|~", TOKEN);
    mark("-._~!$&'()*+,;=%:[]", HOST);
  }

  private Octets() {}

  /** Control characters other than HT; CR and LF are among them. */
  static boolean isForbidden(byte octet) {
    return (CLASSES[octet & 0xff] & FORBIDDEN) != 0;
  }

  /** Where the token that begins at {@code from} ends; {@code from} itself if there is none. */
  static int tokenEnd(byte[] text, int from, int to) {
    int end = from;
    while (end < to && (CLASSES[text[end] & 0xff] & TOKEN) != 0) {
      end++;
    }
    return end;
  }

  /** Whether these bytes can be a host and a port. */
  static boolean isHost(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if ((CLASSES[text[i] & 0xff] & HOST) == 0) {
        return false;
      }
    }
    return true;
  }

  /** White space within a line. */
  static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** Whether these bytes are this text, which is in lower case, whatever their case. */
  static boolean are(byte[] text, int from, int to, String lower) {
    if (to - from != lower.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (lower(text[i]) != lower.charAt(i - from)) {
        return false;
      }
    }
    return true;
  }

  static String text(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static int lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
  }

  private static void mark(String characters, byte as) {
    characters.chars().forEach(c -> CLASSES[c] |= as);
  }
}
