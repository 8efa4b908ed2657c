package io.wasmrunner.runtime;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address or a CIDR range.
 *
 * @param base first address, or any other of the range
 * @param bits bits that count
 */
record AddressRange(InetAddress base, int bits) {
  private static final Pattern IPV4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

  /** The address that a text spells out, in the usual notation only; nothing is looked up. */
  @SuppressWarnings("AddressSelection") // literals are not looked up
  static Optional<InetAddress> literal(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Reads an address or a range; empty when it is neither. */
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int most = address.get().getAddress().length * 8;
    if (slash < 0) {
      return Optional.of(new AddressRange(address.get(), most));
    }
    String length = text.substring(slash + 1);
    return LENGTH.matcher(length).matches() && Integer.parseInt(length) <= most
        ? Optional.of(new AddressRange(address.get(), Integer.parseInt(length)))
        : Optional.empty();
  }

  boolean contains(InetAddress address) {
    byte[] one = base.getAddress();
    byte[] other = address.getAddress();
    if (one.length != other.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i & 7);
      if (((one[i >> 3] ^ other[i >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** An address with a port as entries are written, without a zone. */
  static String withPort(InetAddress address, int port) {
    String host = address.getHostAddress();
    if (address instanceof Inet6Address) {
      int zone = host.indexOf('%');
      return "[" + (zone < 0 ? host : host.substring(0, zone)) + "]:" + port;
    }
    return host + ":" + port;
  }
}
