package io.wasmrunner.runtime;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Host names in the one form in which they are compared. */
final class HostName {
  private static final int LONGEST = 253;
  private static final Pattern LABELS =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

  private HostName() {}

  /** Lower case, ASCII (Punycode), without a dot at the end; empty when it is no host name. */
  static Optional<String> canonical(String written) {
    String name;
    try {
      name = IDN.toASCII(written).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    boolean valid = name.length() <= LONGEST && LABELS.matcher(name).matches();
    return valid ? Optional.of(name) : Optional.empty();
  }

  /** Whether a canonical name means this machine by definition (RFC 6761). */
  static boolean isLocalhost(String name) {
    return name.equals("localhost") || name.endsWith(".localhost");
  }
}
