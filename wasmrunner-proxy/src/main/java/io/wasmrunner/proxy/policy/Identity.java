package io.wasmrunner.proxy.policy;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Who calls.
 *
 * @param way how that was proved: {@code api_key}, {@code basic}, {@code jwt}
 * @param name the name
 * @param claims what a token says
 */
record Identity(String way, String name, Map<String, Object> claims) {
  private static final int LONGEST = 256;

  /** The name as a header field can carry it: what is not visible ASCII is percent-encoded. */
  String headerValue() {
    return isPlain() ? name : encoded();
  }

  private boolean isPlain() {
    for (int i = 0; i < name.length(); i++) {
      if (!isPlain(name.charAt(i))) {
        return false;
      }
    }
    return name.length() <= LONGEST;
  }

  private static boolean isPlain(int c) {
    return c > 0x20 && c < 0x7f && c != '%';
  }

  private String encoded() {
    StringBuilder value = new StringBuilder(name.length());
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      if (value.length() >= LONGEST) {
        break;
      }
      if (isPlain(octet)) {
        value.append((char) octet);
      } else {
        value.append('%').append(String.format("%02X", octet & 0xff));
      }
    }
    return value.toString();
  }
}
