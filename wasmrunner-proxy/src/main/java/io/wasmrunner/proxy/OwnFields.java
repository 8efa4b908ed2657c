package io.wasmrunner.proxy;

import io.netty.util.AsciiString;

/** Header fields that a runner gets from the proxy only, whatever a client sends. */
final class OwnFields {
  private static final String X_FORWARDED = "x-forwarded-";

  private OwnFields() {}

  /**
   * Whether the field is replaced or dropped.
   *
   * @param trusted whether the sender's further {@code X-Forwarded-…} fields count
   */
  static boolean are(CharSequence name, boolean trusted) {
    // CGI and its heirs do not tell _ from -.
    return isOwn(name, trusted)
        || (AsciiString.indexOf(name, '_', 0) >= 0
            && isOwn(name.toString().replace('_', '-'), trusted));
  }

  private static boolean isOwn(CharSequence name, boolean trusted) {
    return isForwarded(name, trusted) || isExactlyOwn(name);
  }

  private static boolean isExactlyOwn(CharSequence name) {
    // By length first: few fields get past it.
    return switch (name.length()) {
      case 3 -> same(name, "via");
      case 4 -> same(name, "host");
      case 6 -> same(name, "expect");
      case 9 -> same(name, "forwarded") || same(name, "x-real-ip");
      case 10 -> same(name, "tracestate") || same(name, "wr-explain");
      case 11 -> same(name, "traceparent");
      case 12 -> same(name, "x-request-id");
      case 14 -> same(name, "wr-inner-token");
      case 15 -> same(name, "x-forwarded-for");
      case 16 -> same(name, "x-forwarded-host");
      case 17 ->
          same(name, "x-forwarded-proto")
              || same(name, "wr-client-subject")
              || same(name, "x-wasmrunner-auth");
      case 21 -> same(name, "x-wasmrunner-identity");
      default -> false;
    };
  }

  private static boolean isForwarded(CharSequence name, boolean trusted) {
    return !trusted
        && name.length() >= X_FORWARDED.length()
        && same(name.subSequence(0, X_FORWARDED.length()), X_FORWARDED);
  }

  private static boolean same(CharSequence name, String other) {
    return AsciiString.contentEqualsIgnoreCase(name, other);
  }
}
