package io.wasmrunner.wasi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/**
 * What kind of place an address is, for decisions about who may reach it. An IPv4 address inside an
 * IPv6 one (mapped, compatible, NAT64, 6to4) counts as that IPv4 address.
 */
public enum AddressScope {
  /** A metadata service of a cloud provider: who reaches it may get the machine's credentials. */
  METADATA,
  /** This machine. */
  LOOPBACK,
  /** This network segment. */
  LINK_LOCAL,
  /** A private network, or a range that the Internet does not route. */
  PRIVATE,
  /** Everything else. */
  PUBLIC;

  private static final Set<InetAddress> METADATA_ADDRESSES =
      Set.of(
          literal("169.254.169.254"), // AWS, Azure, Google, DigitalOcean, OpenStack and others
          literal("169.254.170.2"), // AWS ECS credentials
          literal("169.254.170.23"), // AWS EKS pod identity
          literal("169.254.0.23"), // Tencent
          literal("169.254.42.42"), // Scaleway
          literal("100.100.100.200"), // Alibaba
          literal("192.0.0.192"), // Oracle
          literal("192.80.8.124"), // Equinix
          literal("168.63.129.16"), // Azure wire server
          literal("fd00:ec2::254"), // AWS
          literal("fd00:ec2::23"), // AWS EKS pod identity
          literal("fd00:42::42"), // Scaleway
          literal("fd20:ce::254"), // Google
          literal("fe80::a9fe:a9fe")); // OpenStack

  /** The scope of an address; its zone does not matter. */
  public static AddressScope of(InetAddress address) {
    InetAddress meant = unwrapped(address);
    if (METADATA_ADDRESSES.contains(meant)) {
      return METADATA;
    }
    if (meant.isLoopbackAddress() || meant.isAnyLocalAddress()) {
      return LOOPBACK;
    }
    if (meant.isLinkLocalAddress()) {
      return LINK_LOCAL;
    }
    return reserved(meant) ? PRIVATE : PUBLIC;
  }

  private static boolean reserved(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if (address.isSiteLocalAddress() || address.isMulticastAddress()) {
      return true;
    }
    if (bytes.length == 16) {
      return (first & 0xfe) == 0xfc;
    }
    return first == 0
        || first >= 240
        || (first == 100 && (second & 0xc0) == 64)
        || (first == 192 && second == 0 && bytes[2] == 0)
        || (first == 198 && (second & 0xfe) == 18);
  }

  private static InetAddress unwrapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4 || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return address;
    }
    // Java itself unwraps ::ffff:a.b.c.d.
    if (startsWith(bytes, new byte[12])
        || startsWith(bytes, new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})
        || startsWith(bytes, new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 1})) {
      return ipv4(bytes, 12);
    }
    return startsWith(bytes, new byte[] {0x20, 0x02}) ? ipv4(bytes, 2) : address;
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static InetAddress ipv4(byte[] bytes, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  @SuppressWarnings("AddressSelection") // literals are not looked up
  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }
}
