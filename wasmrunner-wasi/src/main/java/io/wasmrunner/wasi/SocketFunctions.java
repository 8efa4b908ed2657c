package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** WasmEdge's sockets in both generations, the second also under its {@code _v2} names. */
final class SocketFunctions {
  private static final int TYPE_ANY = 0;
  private static final int TYPE_DATAGRAM = 1;
  private static final int TYPE_STREAM = 2;
  private static final int FAMILY_UNSPECIFIED = 0;
  private static final int FAMILY_UNIX = 3;
  private static final int ALL_FLAGS = 31;

  private static final int PEEK = 1;
  private static final int WAIT_ALL = 2;
  private static final int TRUNCATED = 1;

  private static final int SHUTDOWN_READ = 1;
  private static final int SHUTDOWN_WRITE = 2;

  static final List<WasiFunction> ALL = all();

  private SocketFunctions() {}

  private static List<WasiFunction> all() {
    List<WasiFunction> all = new ArrayList<>();
    both(all, "sock_open", "iii:i", SocketFunctions::open);
    both(all, "sock_bind", "iii:i", SocketFunctions::bind);
    both(all, "sock_connect", "iii:i", SocketFunctions::connect);
    both(all, "sock_listen", "ii:i", SocketFunctions::listen);
    add(all, "sock_accept", "ii:i", (host, a) -> accept(host, (int) a[0], 0, (int) a[1]));
    both(all, "sock_accept", "iii:i", (h, a) -> accept(h, (int) a[0], (int) a[1], (int) a[2]));
    both(all, "sock_recv", "iiiiii:i", SocketFunctions::receive);
    add(all, "sock_recv_from", "iiiiiii:i", SocketFunctions::receiveFrom1);
    both(all, "sock_recv_from", "iiiiiiii:i", SocketFunctions::receiveFrom2);
    both(all, "sock_send", "iiiii:i", SocketFunctions::send);
    both(all, "sock_send_to", "iiiiiii:i", SocketFunctions::sendTo);
    add(all, "sock_shutdown", "ii:i", SocketFunctions::shutdown);
    add(all, "sock_getlocaladdr", "iiii:i", (host, a) -> address1(host, a, true));
    add(all, "sock_getpeeraddr", "iiii:i", (host, a) -> address1(host, a, false));
    both(all, "sock_getlocaladdr", "iii:i", (host, a) -> address2(host, a, true));
    both(all, "sock_getpeeraddr", "iii:i", (host, a) -> address2(host, a, false));
    add(all, "sock_getsockopt", "iiiii:i", SocketOptions::get);
    add(all, "sock_setsockopt", "iiiii:i", SocketOptions::set);
    add(all, "sock_getaddrinfo", "iiiiiiii:i", NameLookup::lookup);
    return List.copyOf(all);
  }

  private static void add(
      List<WasiFunction> all, String name, String signature, WasiFunction.Body body) {
    all.add(new WasiFunction(name, signature, body));
  }

  private static void both(
      List<WasiFunction> all, String name, String signature, WasiFunction.Body body) {
    add(all, name, signature, body);
    add(all, name + "_v2", signature, body);
  }

  private static GuestSocket socket(WasiHost host, long fd) {
    return host.descriptors().require((int) fd).socket();
  }

  private static Errno open(WasiHost host, long[] a) {
    int family = (int) a[0];
    if (family == FAMILY_UNSPECIFIED) {
      family = SocketAddresses.INET4;
    }
    if (family != SocketAddresses.INET4 && family != SocketAddresses.INET6) {
      return family == FAMILY_UNIX ? Errno.AFNOSUPPORT : Errno.INVAL;
    }
    host.memory().check((int) a[2], 4);
    GuestSocket socket;
    switch ((int) a[1]) {
      case TYPE_ANY, TYPE_STREAM -> socket = new StreamSocket(host.sockets(), family);
      case TYPE_DATAGRAM -> socket = new DatagramSocket(host.sockets(), family);
      default -> {
        return Errno.INVAL;
      }
    }
    host.memory().putI32((int) a[2], host.descriptors().add(socket));
    return Errno.SUCCESS;
  }

  private static Errno bind(WasiHost host, long[] a) throws IOException {
    GuestSocket socket = socket(host, a[0]);
    socket.bind(SocketAddresses.read(host.memory(), (int) a[1], (int) a[2]));
    return Errno.SUCCESS;
  }

  private static Errno connect(WasiHost host, long[] a) throws IOException {
    GuestSocket socket = socket(host, a[0]);
    socket.connect(SocketAddresses.read(host.memory(), (int) a[1], (int) a[2]));
    return Errno.SUCCESS;
  }

  private static Errno listen(WasiHost host, long[] a) throws IOException {
    socket(host, a[0]).listen();
    return Errno.SUCCESS;
  }

  private static Errno accept(WasiHost host, int fd, int flags, int at) throws IOException {
    GuestSocket listener = socket(host, fd);
    if ((flags & ~ALL_FLAGS) != 0) {
      return Errno.INVAL;
    }
    host.memory().check(at, 4);
    host.descriptors().requireFree();
    GuestSocket accepted = listener.accept();
    accepted.flags(flags & Descriptor.NONBLOCK); // the others are for files
    host.memory().putI32(at, host.descriptors().add(accepted));
    return Errno.SUCCESS;
  }

  private static Errno receive(WasiHost host, long[] a) throws IOException {
    receive(host, socket(host, a[0]), a[1], a[2], a[3], (int) a[4], (int) a[5]);
    return Errno.SUCCESS;
  }

  /** First generation: a bare address when it fits into the buffer, whatever its length. */
  private static Errno receiveFrom1(WasiHost host, long[] a) throws IOException {
    GuestMemory memory = host.memory();
    GuestSocket socket = socket(host, a[0]);
    SocketAddresses.checkBuffer(memory, (int) a[3]);
    receive(host, socket, a[1], a[2], a[4], (int) a[5], (int) a[6]);
    SocketAddresses.writeBare(memory, (int) a[3], addressBytes(socket, socket.sender()));
    return Errno.SUCCESS;
  }

  /** Second generation: the buffer's length is one of three, and there is a port (u16). */
  private static Errno receiveFrom2(WasiHost host, long[] a) throws IOException {
    GuestMemory memory = host.memory();
    GuestSocket socket = socket(host, a[0]);
    SocketAddresses.checkForm(memory, (int) a[3]);
    memory.check((int) a[5], 2);
    receive(host, socket, a[1], a[2], a[4], (int) a[6], (int) a[7]);
    InetSocketAddress from = socket.sender();
    SocketAddresses.writeForm(memory, (int) a[3], addressBytes(socket, from));
    memory.putU16((int) a[5], from.getPort()); // host order; WasmEdge leaves network order
    return Errno.SUCCESS;
  }

  private static byte[] addressBytes(GuestSocket socket, InetSocketAddress address) {
    return SocketAddresses.bytes(address.getAddress(), socket.family);
  }

  private static void receive(
      WasiHost host,
      GuestSocket socket,
      long vectors,
      long n,
      long flags,
      int lengthAt,
      int flagsAt)
      throws IOException {
    if (((int) flags & ~(PEEK | WAIT_ALL)) != 0) {
      throw Errno.INVAL.exception();
    }
    host.memory().check(lengthAt, 4);
    host.memory().check(flagsAt, 2);
    Iovecs into = host.iovecs().read((int) vectors, (int) n);
    int bytes = socket.receive(into, (flags & PEEK) != 0, (flags & WAIT_ALL) != 0);
    host.memory().putI32(lengthAt, bytes);
    host.memory().putU16(flagsAt, socket.truncated() ? TRUNCATED : 0);
  }

  private static Errno send(WasiHost host, long[] a) throws IOException {
    return send(host, a[0], a[1], a[2], null, a[3], (int) a[4]);
  }

  private static Errno sendTo(WasiHost host, long[] a) throws IOException {
    InetSocketAddress target = SocketAddresses.read(host.memory(), (int) a[3], (int) a[4]);
    return send(host, a[0], a[1], a[2], target, a[5], (int) a[6]);
  }

  private static Errno send(
      WasiHost host,
      long fd,
      long vectors,
      long n,
      @Nullable InetSocketAddress target,
      long flags,
      int lengthAt)
      throws IOException {
    GuestSocket socket = socket(host, fd);
    if ((int) flags != 0) {
      return Errno.INVAL;
    }
    host.memory().check(lengthAt, 4);
    Iovecs from = host.iovecs().read((int) vectors, (int) n);
    host.memory().putI32(lengthAt, socket.send(from, target));
    return Errno.SUCCESS;
  }

  private static Errno shutdown(WasiHost host, long[] a) throws IOException {
    int how = (int) a[1];
    if (how < SHUTDOWN_READ || how > (SHUTDOWN_READ | SHUTDOWN_WRITE)) {
      return Errno.INVAL;
    }
    socket(host, a[0]).shutdown((how & SHUTDOWN_READ) != 0, (how & SHUTDOWN_WRITE) != 0);
    return Errno.SUCCESS;
  }

  /** First generation: the buffer is 4 or 16 long, and the type is 4 or 6. */
  private static Errno address1(WasiHost host, long[] a, boolean local) throws IOException {
    GuestSocket socket = socket(host, a[0]);
    host.memory().check((int) a[1], 8);
    int length = host.memory().i32((int) a[1] + 4);
    if (length != 4 && length != 16) {
      return Errno.INVAL;
    }
    InetSocketAddress address = local ? socket.localAddress() : socket.peerAddress();
    byte[] bytes = addressBytes(socket, address);
    SocketAddresses.write(host.memory(), (int) a[1], bytes);
    host.memory().putI32((int) a[2], bytes.length == 4 ? 4 : 6);
    host.memory().putI32((int) a[3], address.getPort());
    return Errno.SUCCESS;
  }

  private static Errno address2(WasiHost host, long[] a, boolean local) throws IOException {
    GuestSocket socket = socket(host, a[0]);
    InetSocketAddress address = local ? socket.localAddress() : socket.peerAddress();
    SocketAddresses.write(host.memory(), (int) a[1], addressBytes(socket, address));
    host.memory().putI32((int) a[2], address.getPort());
    return Errno.SUCCESS;
  }
}
