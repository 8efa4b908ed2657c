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
    String lower = target.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      return true;
    }
    int scheme = target.indexOf(':');
    int end = scheme + 3;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    String port = lower.startsWith("https") ? ":443" : ":80";
    return plain(target.substring(scheme + 3, end), port).equals(plain(host, port));
  }

  private static String plain(String authority, String usualPort) {
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.endsWith(usualPort)
        ? lower.substring(0, lower.length() - usualPort.length())
        : lower;
  }
}
