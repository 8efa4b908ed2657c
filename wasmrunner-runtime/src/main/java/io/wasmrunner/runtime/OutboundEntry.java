package io.wasmrunner.runtime;

import io.wasmrunner.wasi.AddressScope;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * One entry of {@code capabilities.outbound}.
 *
 * <p>A name stands for the addresses that the host found for it, with limits, so that whoever
 * answers for a name cannot lead a guest to other places: a host does not stand for this machine
 * (unless it is called localhost) or this network segment, and {@code *.domain} and {@code *} not
 * for private networks either. Such addresses are listed as addresses. Metadata services are no
 * matter of entries: nobody may reach them.
 *
 * @param kind what it says
 * @param name canonical name of HOST; of DOMAIN, the part after the star with its dot
 * @param range of ADDRESSES
 * @param port the only port; 0 for all
 */
record OutboundEntry(Kind kind, String name, Optional<AddressRange> range, int port) {
  enum Kind {
    HOST,
    DOMAIN,
    ADDRESSES,
    ANYWHERE
  }

  private static final String EXAMPLE =
      "\"api.example.com:443\", \"*.example.com\", \"10.0.0.0/8\" or \"[fd00::1]:5432\"";

  /**
   * Reads an entry.
   *
   * @throws IllegalArgumentException with what was expected
   */
  static OutboundEntry parse(String text) {
    if (text.contains("://")) {
      throw new IllegalArgumentException("a host, not a URL, such as " + EXAMPLE);
    }
    String host = text;
    int port = 0;
    int colon = portColon(text);
    if (colon >= 0) {
      host = text.substring(0, colon);
      port = port(text.substring(colon + 1));
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      String inner = host.substring(1, host.length() - 1);
      if (inner.indexOf(':') < 0) {
        throw new IllegalArgumentException("an IPv6 address in the brackets");
      }
      host = inner;
    }
    if (host.equals("*")) {
      return new OutboundEntry(Kind.ANYWHERE, "", Optional.empty(), port);
    }
    Optional<AddressRange> range = AddressRange.parse(host);
    if (range.isPresent()) {
      return new OutboundEntry(Kind.ADDRESSES, "", range, port);
    }
    boolean domain = host.startsWith("*.");
    String name =
        HostName.canonical(domain ? host.substring(2) : host)
            .filter(canonical -> !looksLikeAddress(canonical))
            .orElseThrow(() -> new IllegalArgumentException("an entry such as " + EXAMPLE));
    return domain
        ? new OutboundEntry(Kind.DOMAIN, "." + name, Optional.empty(), port)
        : new OutboundEntry(Kind.HOST, name, Optional.empty(), port);
  }

  /** Whether a guest may ask for the addresses of this canonical name. */
  boolean allowsLookup(String canonical) {
    return switch (kind) {
      case HOST -> canonical.equals(name);
      case DOMAIN -> canonical.endsWith(name);
      case ANYWHERE -> true;
      case ADDRESSES -> false;
    };
  }

  /**
   * Whether a guest may connect to an address.
   *
   * @param names canonical names for which the host found this address
   */
  boolean allows(InetAddress address, int toPort, Set<String> names) {
    if (port != 0 && port != toPort) {
      return false;
    }
    return switch (kind) {
      case ADDRESSES -> range.orElseThrow().contains(address);
      case HOST -> names.contains(name) && standsFor(name, AddressScope.of(address));
      case DOMAIN ->
          AddressScope.of(address) == AddressScope.PUBLIC
              && names.stream().anyMatch(this::allowsLookup);
      case ANYWHERE -> AddressScope.of(address) == AddressScope.PUBLIC;
    };
  }

  /** Whether a name alone can stand for an address of this scope. */
  static boolean standsFor(String canonical, AddressScope scope) {
    return switch (scope) {
      case PUBLIC, PRIVATE -> true;
      case LOOPBACK -> HostName.isLocalhost(canonical);
      case LINK_LOCAL, METADATA -> false;
    };
  }

  private static int portColon(String text) {
    int bracket = text.lastIndexOf(']');
    int last = text.lastIndexOf(':');
    if (bracket >= 0) {
      return last > bracket ? last : -1;
    }
    return last == text.indexOf(':') ? last : -1; // more than one: an IPv6 address without brackets
  }

  private static int port(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    }
    throw new IllegalArgumentException("a port from 1 to 65535 after the colon");
  }

  /** All digits and dots: a mistyped address, or one in a notation that others read differently. */
  private static boolean looksLikeAddress(String canonical) {
    return canonical.matches("[0-9.]+|0x[0-9a-f]+");
  }
}
