package io.wasmrunner.proxy;

import java.util.Locale;

/** The host and port that a request is for. */
final class Authority {
  private Authority() {}

  /**
   * Whether a request target in absolute form and the Host field say the same: RFC 9112, 3.2.2.
   * Targets of another form agree with anything; whether they can be served is decided later.
   */
  static boolean agrees(String target, String host) {
    int scheme = target.indexOf("://");
    if (scheme < 0) {
      return true;
    }
    int end = scheme + 3;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    String port = target.substring(0, scheme).equalsIgnoreCase("https") ? ":443" : ":80";
    return plain(target.substring(scheme + 3, end), port).equals(plain(host, port));
  }

  private static String plain(String authority, String usualPort) {
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.endsWith(usualPort)
        ? lower.substring(0, lower.length() - usualPort.length())
        : lower;
  }
}
