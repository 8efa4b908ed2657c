package io.wasmrunner.proxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of this one whose word about earlier hops counts. Immutable.
 *
 * @param networks address ranges such as {@code 10.0.0.0/8}, {@code fd00::/8} or {@code 192.0.2.7}
 */
public record TrustedProxies(List<String> networks) {
  /** Nobody is believed. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final int MOST_HOPS = 64;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when one is none; its message names it
   */
  public TrustedProxies {
    networks = List.copyOf(networks);
    networks.forEach(Network::parse);
  }

  /** A list that is ready for use; parsing happens once. */
  Matcher matcher() {
    return new Matcher(networks.stream().map(Network::parse).toList());
  }

  /** The ranges, parsed. */
  static final class Matcher {
    private final List<Network> networks;

    private Matcher(List<Network> networks) {
      this.networks = networks;
    }

    /** Whether this address, as text, belongs to one of them. */
    boolean contains(String address) {
      if (networks.isEmpty()) {
        return false;
      }
      byte[] octets = octets(address);
      return octets != null && contains(octets);
    }

    private boolean contains(byte[] octets) {
      for (Network network : networks) {
        if (network.contains(octets)) {
          return true;
        }
      }
      return false;
    }

    /**
     * The client, read from right to left: each hop is believed as long as a trusted proxy said it.
     *
     * @param peer who has connected; trusted
     * @param hops what the proxies said, oldest first
     */
    String client(String peer, List<String> hops) {
      String client = peer;
      int last = Math.max(0, hops.size() - MOST_HOPS);
      for (int i = hops.size() - 1; i >= last; i--) {
        byte[] octets = octets(withoutPort(hops.get(i).strip()));
        if (octets == null) {
          return client; // "unknown", a name, or nonsense: what is known ends here.
        }
        client = text(octets);
        if (!contains(octets)) {
          return client;
        }
      }
      return client;
    }
  }

  /** An address range. */
  private static final class Network {
    private final byte[] octets;
    private final int bits;

    private Network(byte[] octets, int bits) {
      this.octets = octets;
      this.bits = bits;
    }

    static Network parse(String text) {
      int slash = text.indexOf('/');
      byte[] octets = TrustedProxies.octets(slash < 0 ? text : text.substring(0, slash));
      int bits = octets == null ? -1 : octets.length * 8;
      if (octets != null && slash >= 0) {
        String length = text.substring(slash + 1);
        int given = length.matches("[0-9]{1,3}") ? Integer.parseInt(length) : -1;
        bits = given > bits ? -1 : given;
      }
      if (octets == null || bits < 0) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is no address or range such as 10.0.0.0/8 or fd00::/8");
      }
      return new Network(octets, bits);
    }

    boolean contains(byte[] other) {
      if (other.length != octets.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (octets[i] != other[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || ((octets[whole] ^ other[whole]) & 0xff) >> (8 - rest) == 0;
    }
  }

  private static byte @Nullable [] octets(String address) {
    int zone = address.indexOf('%');
    byte[] octets =
        NetUtil.createByteArrayFromIpAddressString(zone < 0 ? address : address.substring(0, zone));
    return octets == null ? null : unmapped(octets);
  }

  /** IPv4 that came as IPv6 is IPv4. */
  private static byte[] unmapped(byte[] octets) {
    if (octets.length == 4) {
      return octets;
    }
    try {
      return InetAddress.getByAddress(octets).getAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String text(byte[] octets) {
    return NetUtil.bytesToIpAddress(octets);
  }

  /** {@code 192.0.2.1:80} and {@code [2001:db8::1]:80} without port and brackets. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
