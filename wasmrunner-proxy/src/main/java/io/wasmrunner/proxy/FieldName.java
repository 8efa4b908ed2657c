package io.wasmrunner.proxy;

import java.nio.charset.StandardCharsets;

/** Header fields that decide how a request is framed. */
enum FieldName {
  HOST,
  CONTENT_LENGTH,
  TRANSFER_ENCODING,
  CONNECTION,
  UPGRADE,
  HTTP2_SETTINGS,
  /** Taken for a framing field by some implementation, although it is none. */
  MISLEADING,
  OTHER;

  /** Whether one of these names is {@link #MISLEADING}. */
  static boolean misleads(Iterable<String> names) {
    for (String name : names) {
      byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
      if (of(octets, octets.length) == MISLEADING) {
        return true;
      }
    }
    return false;
  }

  /** The field with the name at the beginning of a line. */
  static FieldName of(byte[] line, int end) {
    return of(line, 0, end);
  }

  /** The field with this name, in any case. */
  static FieldName of(byte[] line, int from, int to) {
    // By length first: few fields get past it.
    return switch (to - from) {
      case 4 -> Octets.are(line, from, to, "host") ? HOST : OTHER;
      case 7 -> Octets.are(line, from, to, "upgrade") ? UPGRADE : OTHER;
      case 10 -> Octets.are(line, from, to, "connection") ? CONNECTION : OTHER;
      case 12 ->
          misleading(
              // Vert.x looks at all but the ninth letter.
              Octets.are(line, from, from + 8, "content-")
                  && !Octets.are(line, from + 8, from + 9, "t")
                  && Octets.are(line, from + 9, to, "ype"));
      case 14 -> of14(line, from, to);
      case 17 ->
          Octets.are(line, from, to, "transfer-encoding")
              ? TRANSFER_ENCODING
              // CGI and its heirs do not tell _ from -.
              : misleading(Octets.are(line, from, to, "transfer_encoding"));
      // An old WebSocket draft: Netty expects eight bytes of body then.
      case 18 -> misleading(Octets.are(line, from, to - 1, "sec-websocket-key"));
      default -> OTHER;
    };
  }

  private static FieldName of14(byte[] line, int from, int to) {
    if (Octets.are(line, from, to, "content-length")) {
      return CONTENT_LENGTH;
    }
    if (Octets.are(line, from, to, "http2-settings")) {
      return HTTP2_SETTINGS;
    }
    return misleading(
        Octets.are(line, from, to, "content_length")
            // Vert.x looks at all but the ninth letter.
            || (Octets.are(line, from, from + 8, "content-")
                && Octets.are(line, from + 9, to, "ength")));
  }

  private static FieldName misleading(boolean it) {
    return it ? MISLEADING : OTHER;
  }
}
