package io.wasmrunner.wasi;

import java.util.regex.Pattern;

/** Names that a TLS certificate can be for: host names, and addresses in figures. */
final class ServerName {
  private static final int MAX_CHARS = 253;
  private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
  private static final Pattern HOST = Pattern.compile("(" + LABEL + "\\.)*" + LABEL);
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern INET4 = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE);
  private static final Pattern INET6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");
  private static final Pattern FIGURES_LAST = Pattern.compile("(.*\\.)?[0-9]+");

  private ServerName() {}

  static boolean valid(String name) {
    if (name.isEmpty() || name.length() > MAX_CHARS) {
      return false;
    }
    return literal(name) || (HOST.matcher(name).matches() && !FIGURES_LAST.matcher(name).matches());
  }

  /** An IPv4 or IPv6 address, which is not sent as a server name. */
  static boolean literal(String name) {
    return INET4.matcher(name).matches() || INET6.matcher(name).matches();
  }
}
