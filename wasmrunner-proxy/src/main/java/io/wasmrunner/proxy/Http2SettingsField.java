package io.wasmrunner.proxy;

import java.util.Arrays;
import java.util.Base64;

/** The value of an HTTP2-Settings field: RFC 7540, 3.2.1. */
final class Http2SettingsField {
  private static final int LONGEST = 512;
  private static final int SETTING_BYTES = 6;

  private Http2SettingsField() {}

  /** Whether it is the payload of a SETTINGS frame in base64url. */
  static boolean isReadable(byte[] line, int from, int to) {
    if (to - from > LONGEST) {
      return false;
    }
    try {
      return Base64.getUrlDecoder().decode(Arrays.copyOfRange(line, from, to)).length
              % SETTING_BYTES
          == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
