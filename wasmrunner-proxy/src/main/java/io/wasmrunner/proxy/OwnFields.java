package io.wasmrunner.proxy;

/** Header fields that a runner gets from the proxy only, whatever a client sends. */
final class OwnFields {
  private static final String X_FORWARDED = "x-forwarded-";

  private OwnFields() {}

  /**
   * Whether the field is replaced or dropped.
   *
   * @param trusted whether the sender's further {@code X-Forwarded-…} fields count
   */
  static boolean are(String name, boolean trusted) {
    // CGI and its heirs do not tell _ from -.
    return isOwn(name, trusted)
        || (name.indexOf('_') >= 0 && isOwn(name.replace('_', '-'), trusted));
  }

  private static boolean isOwn(String name, boolean trusted) {
    // By length first: few fields get past it.
    return switch (name.length()) {
      case 3 -> name.equalsIgnoreCase("via");
      case 4 -> name.equalsIgnoreCase("host");
      case 6 -> name.equalsIgnoreCase("expect");
      case 9 -> name.equalsIgnoreCase("forwarded") || name.equalsIgnoreCase("x-real-ip");
      case 10 -> name.equalsIgnoreCase("tracestate") || name.equalsIgnoreCase("wr-explain");
      case 11 -> name.equalsIgnoreCase("traceparent");
      case 12 -> name.equalsIgnoreCase("x-request-id");
      case 14 -> name.equalsIgnoreCase("wr-inner-token");
      case 15 -> name.equalsIgnoreCase("x-forwarded-for");
      case 16 -> name.equalsIgnoreCase("x-forwarded-host") || isForwarded(name, trusted);
      case 17 ->
          name.equalsIgnoreCase("x-forwarded-proto")
              || name.equalsIgnoreCase("wr-client-subject")
              || name.equalsIgnoreCase("x-wasmrunner-auth")
              || isForwarded(name, trusted);
      case 21 -> name.equalsIgnoreCase("x-wasmrunner-identity") || isForwarded(name, trusted);
      default -> isForwarded(name, trusted);
    };
  }

  private static boolean isForwarded(String name, boolean trusted) {
    return !trusted && name.regionMatches(true, 0, X_FORWARDED, 0, X_FORWARDED.length());
  }
}
