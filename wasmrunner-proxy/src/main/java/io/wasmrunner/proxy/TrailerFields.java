package io.wasmrunner.proxy;

import java.util.Locale;
import java.util.Set;

/** What may stand after the body: RFC 9110, 6.5.1. */
final class TrailerFields {
  /** Framing, routing, authentication, and what changes how the head was understood. */
  private static final Set<String> NEVER =
      Set.of(
          "authorization",
          "cache-control",
          "connection",
          "content-encoding",
          "content-length",
          "content-range",
          "content-type",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "keep-alive",
          "max-forwards",
          "proxy-authorization",
          "range",
          "set-cookie",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via",
          "wr-inner-token",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto");

  private TrailerFields() {}

  /** Whether the field may not come after the body. */
  static boolean isForbidden(String name) {
    return NEVER.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Checks a line of the trailer, without its end. */
  static void check(byte[] line, int to) throws FramingException {
    int colon = Octets.tokenEnd(line, 0, to);
    if (colon == 0
        || colon == to
        || line[colon] != ':'
        || FieldName.of(line, colon) == FieldName.MISLEADING
        || isForbidden(Octets.text(line, 0, colon))) {
      throw new FramingException(FramingFault.TRAILER);
    }
  }
}
