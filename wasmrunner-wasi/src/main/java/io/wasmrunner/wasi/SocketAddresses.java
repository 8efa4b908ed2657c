package io.wasmrunner.wasi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * WasmEdge's address buffers: {pointer, length}, where the length tells the form: 4 and 16 are bare
 * addresses, 128 is a family (u16) and then the address.
 */
final class SocketAddresses {
  static final int INET4 = 1;
  static final int INET6 = 2;
  private static final int WITH_FAMILY = 128;

  /** This host, IPv4 first. */
  static final List<InetAddress> LOOPBACK =
      List.of(
          address(new byte[] {127, 0, 0, 1}),
          address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));

  private SocketAddresses() {}

  static InetSocketAddress read(GuestMemory memory, int structure, int port) {
    int buffer = memory.i32(structure);
    int length = memory.i32(structure + 4);
    if (port < 0 || port > 0xffff) {
      throw Errno.INVAL.exception();
    }
    byte[] address =
        switch (length) {
          case 4, 16 -> memory.bytes(buffer, length);
          case WITH_FAMILY ->
              switch (memory.u16(buffer)) {
                case INET4 -> memory.bytes(buffer + 2, 4);
                case INET6 -> memory.bytes(buffer + 2, 16);
                default -> throw Errno.AFNOSUPPORT.exception();
              };
          default -> throw Errno.INVAL.exception();
        };
    return new InetSocketAddress(address(address), port);
  }

  /** Writes 4 or 16 address bytes in the form that the buffer's length asks for. */
  static void write(GuestMemory memory, int structure, byte[] bytes) {
    int buffer = memory.i32(structure);
    int length = memory.i32(structure + 4);
    switch (length) {
      case 4 -> {
        if (bytes.length != 4) {
          throw Errno.NOMEM.exception();
        }
        memory.putBytes(buffer, bytes);
      }
      case 16 -> memory.putBytes(buffer, Arrays.copyOf(bytes, 16));
      case WITH_FAMILY -> {
        memory.clear(buffer, WITH_FAMILY);
        memory.putU16(buffer, bytes.length == 4 ? INET4 : INET6);
        memory.putBytes(buffer + 2, bytes);
      }
      default -> throw Errno.INVAL.exception();
    }
  }

  /** Fails unless the buffer is inside the guest's memory. */
  static void checkBuffer(GuestMemory memory, int structure) {
    memory.check(structure, 8);
    memory.check(memory.i32(structure), memory.i32(structure + 4));
  }

  /** As {@link #checkBuffer}, and its length names one of the forms. */
  static void checkForm(GuestMemory memory, int structure) {
    memory.check(structure, 8);
    int length = memory.i32(structure + 4);
    if (length != 4 && length != 16 && length != WITH_FAMILY) {
      throw Errno.INVAL.exception();
    }
    checkBuffer(memory, structure);
  }

  /** Writes the address when it fits; too late for an error, as what was sent is taken already. */
  static void writeBare(GuestMemory memory, int structure, byte[] bytes) {
    if (bytes.length <= memory.i32(structure + 4)) {
      memory.putBytes(memory.i32(structure), bytes);
    }
  }

  /** As {@link #writeBare}, with its family where the form has one. */
  static void writeForm(GuestMemory memory, int structure, byte[] bytes) {
    if (memory.i32(structure + 4) == WITH_FAMILY) {
      write(memory, structure, bytes);
    } else {
      writeBare(memory, structure, bytes);
    }
  }

  /** Address bytes as a socket of this family shows them: INET6 shows IPv4 as mapped. */
  static byte[] bytes(InetAddress address, int family) {
    byte[] bytes = address.getAddress();
    if (family != INET6 || bytes.length == 16) {
      return bytes;
    }
    byte[] mapped = new byte[16];
    if (!address.isAnyLocalAddress()) {
      mapped[10] = (byte) 0xff;
      mapped[11] = (byte) 0xff;
      System.arraycopy(bytes, 0, mapped, 12, 4);
    }
    return mapped;
  }

  /** The address that stands for every interface. */
  static InetSocketAddress any(int family, int port) {
    return new InetSocketAddress(address(new byte[family == INET6 ? 16 : 4]), port);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // only for a wrong length
    }
  }
}
