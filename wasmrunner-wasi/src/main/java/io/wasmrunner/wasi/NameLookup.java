package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code sock_getaddrinfo}. The guest has laid out a list of results, each with an address buffer;
 * we fill as many as there are answers. Names are resolved on a thread of the engine's, so that the
 * guest can be stopped meanwhile.
 */
final class NameLookup {
  private static final long TIMEOUT_SECONDS = 30;
  private static final int MAX_NAME_BYTES = 256;

  private static final int ADDRINFO_BYTES = 28;
  private static final int PASSIVE = 1;
  private static final int CANONICAL_NAME = 2;
  private static final int NUMERIC_HOST = 4;
  private static final int NUMERIC_SERVICE = 8;
  private static final int V4_MAPPED = 16;
  private static final int ALL = 32;
  private static final int ALL_FLAGS = 127;

  private static final int DATAGRAM = 1;
  private static final int STREAM = 2;
  private static final int TCP = 1;
  private static final int UDP = 2;

  private static final Map<String, Integer> SERVICES =
      Map.of(
          "http",
          80,
          "https",
          443,
          "domain",
          53,
          "smtp",
          25,
          "ftp",
          21,
          "ssh",
          22,
          "ntp",
          123,
          "postgresql",
          5432,
          "mysql",
          3306,
          "redis",
          6379);

  private NameLookup() {}

  static Errno lookup(WasiHost host, long[] a) throws IOException {
    GuestMemory memory = host.memory();
    int hints = (int) a[4];
    int maxResults = (int) a[6];
    int countAt = (int) a[7];
    memory.check(hints, ADDRINFO_BYTES);
    memory.check((int) a[5], 4);
    memory.check(countAt, 4);
    String node = text(memory, (int) a[0], (int) a[1]);
    String service = text(memory, (int) a[2], (int) a[3]);
    if (node.isEmpty() && service.isEmpty()) {
      return Errno.AINONAME;
    }
    if (maxResults <= 0) {
      return Errno.AIMEMORY;
    }
    int flags = memory.u16(hints);
    int family = memory.u8(hints + 2);
    int type = memory.u8(hints + 3);
    int protocol = memory.u8(hints + 4);
    if ((flags & ~ALL_FLAGS) != 0 || ((flags & CANONICAL_NAME) != 0 && node.isEmpty())) {
      return Errno.AIBADFLAG;
    }
    if (family > SocketAddresses.INET6) {
      return Errno.AIFAMILY;
    }
    if (type > STREAM || protocol > UDP) {
      return Errno.NOSYS;
    }
    int port = port(service, flags);
    boolean datagrams = type == DATAGRAM || (type == 0 && protocol == UDP);
    int filled = 0;
    int entry = memory.i32((int) a[5]);
    for (byte[] address : wanted(addresses(host, node, flags), family, flags)) {
      if (filled == maxResults || entry == 0) {
        break;
      }
      fill(memory, entry, address, datagrams, port);
      name(memory, entry, filled == 0 && (flags & CANONICAL_NAME) != 0 ? node : "");
      filled++;
      entry = memory.i32(entry + 24);
    }
    memory.putI32(countAt, filled);
    return filled == 0 ? Errno.AINODATA : Errno.SUCCESS;
  }

  /** Addresses of the family that was asked for; IPv4 also in IPv6's clothes, where that is. */
  private static List<byte[]> wanted(List<InetAddress> found, int family, int flags) {
    List<byte[]> wanted = new ArrayList<>();
    for (InetAddress address : found) {
      if (family == 0 || family == family(address.getAddress())) {
        wanted.add(address.getAddress());
      }
    }
    boolean mapped = family == SocketAddresses.INET6 && (flags & V4_MAPPED) != 0;
    if (mapped && (wanted.isEmpty() || (flags & ALL) != 0)) {
      for (InetAddress address : found) {
        if (family(address.getAddress()) == SocketAddresses.INET4) {
          wanted.add(SocketAddresses.bytes(address, SocketAddresses.INET6));
        }
      }
    }
    return wanted;
  }

  private static int family(byte[] address) {
    return address.length == 4 ? SocketAddresses.INET4 : SocketAddresses.INET6;
  }

  private static void fill(
      GuestMemory memory, int entry, byte[] address, boolean datagrams, int port) {
    boolean inet4 = address.length == 4;
    memory.check(entry, ADDRINFO_BYTES);
    memory.putU16(entry, 0);
    memory.putU8(entry + 2, family(address));
    memory.putU8(entry + 3, datagrams ? DATAGRAM : STREAM);
    memory.putU8(entry + 4, datagrams ? UDP : TCP);
    memory.putI32(entry + 8, inet4 ? 16 : 28);
    int sockaddr = memory.i32(entry + 12);
    int data = memory.i32(sockaddr + 8);
    int length = inet4 ? 14 : 26;
    memory.putU8(sockaddr, family(address));
    memory.putI32(sockaddr + 4, length);
    memory.clear(data, length);
    memory.putU8(data, port >>> 8);
    memory.putU8(data + 1, port);
    memory.putBytes(data + (inet4 ? 2 : 6), address);
  }

  /** The canonical name, as far as the guest has room for it. */
  private static void name(GuestMemory memory, int entry, String name) {
    int room = name.isEmpty() ? 0 : memory.i32(entry + 20);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int length = Math.max(0, Math.min(bytes.length, room - 1));
    if (length > 0) {
      int at = memory.i32(entry + 16);
      memory.putBytes(at, bytes, 0, length);
      memory.putU8(at + length, 0);
    }
    memory.putI32(entry + 20, length);
  }

  /** Text that may end with the NUL that WasmEdge's crate counts. */
  private static String text(GuestMemory memory, int at, int length) {
    if (length == 0) {
      return "";
    }
    if (length < 0 || length > MAX_NAME_BYTES) {
      throw Errno.AINONAME.exception();
    }
    String text = new String(memory.bytes(at, length), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static int port(String service, int flags) {
    if (service.isEmpty()) {
      return 0;
    }
    Integer known = (flags & NUMERIC_SERVICE) == 0 ? SERVICES.get(service) : null;
    if (known != null) {
      return known;
    }
    try {
      int port = Integer.parseInt(service);
      if (port >= 0 && port <= 0xffff) {
        return port;
      }
    } catch (NumberFormatException e) {
      // answered below
    }
    throw ((flags & NUMERIC_SERVICE) != 0 ? Errno.AINONAME : Errno.AISERVICE).exception();
  }

  /** Addresses, IPv4 first: WasmEdge's tokio can connect to nothing else. */
  private static List<InetAddress> addresses(WasiHost host, String node, int flags)
      throws IOException {
    if (node.isEmpty()) {
      return (flags & PASSIVE) != 0
          ? List.of(
              SocketAddresses.any(SocketAddresses.INET4, 0).getAddress(),
              SocketAddresses.any(SocketAddresses.INET6, 0).getAddress())
          : SocketAddresses.LOOPBACK;
    }
    if ((flags & NUMERIC_HOST) != 0 && !ServerName.literal(node)) {
      throw Errno.AINONAME.exception();
    }
    List<InetAddress> addresses = new ArrayList<>(List.of(resolve(host, node)));
    addresses.sort(Comparator.comparingInt(address -> address.getAddress().length));
    return addresses;
  }

  private static InetAddress[] resolve(WasiHost host, String node) throws IOException {
    CompletableFuture<InetAddress[]> answer;
    try {
      answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return host.config().network().resolve(node);
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              host.resolver());
    } catch (RejectedExecutionException e) {
      throw Errno.AIAGAIN.exception(); // too many lookups at once
    }
    try {
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GuestStoppedException();
    } catch (TimeoutException e) {
      throw Errno.AIAGAIN.exception();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException) {
        throw Errno.AINONAME.exception();
      }
      if (e.getCause() instanceof NetworkDeniedException denied) {
        throw denied;
      }
      throw Errno.AIFAIL.exception();
    }
  }
}
