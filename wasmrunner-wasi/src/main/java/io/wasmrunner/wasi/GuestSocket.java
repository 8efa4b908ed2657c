package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What stream and datagram sockets have in common. */
abstract class GuestSocket extends Descriptor {
  /** What a socket needs of its guest. */
  record Context(
      Poller poller,
      Network network,
      GuestListener listener,
      DescriptorTable descriptors,
      DatagramSpace space,
      GuestMemory memory) {}

  final Context context;
  final int family;
  final SocketSettings settings = new SocketSettings();
  private Errno error = Errno.SUCCESS;

  GuestSocket(Context context, int family) {
    this.context = context;
    this.family = family;
  }

  @Override
  final GuestSocket socket() {
    return this;
  }

  abstract void bind(InetSocketAddress address) throws IOException;

  abstract void connect(InetSocketAddress address) throws IOException;

  void listen() throws IOException {
    throw Errno.NOTSUP.exception();
  }

  GuestSocket accept() throws IOException {
    throw Errno.NOTSUP.exception();
  }

  boolean accepting() {
    return false;
  }

  /**
   * Receives into the vectors, and returns the number of bytes; {@code peek} leaves the bytes
   * there, {@code all} waits for all of them.
   */
  abstract int receive(Iovecs vectors, boolean peek, boolean all) throws IOException;

  /** Sends from the vectors, to {@code target} or where the socket is connected to. */
  abstract int send(Iovecs vectors, @Nullable InetSocketAddress target) throws IOException;

  abstract void shutdown(boolean input, boolean output) throws IOException;

  abstract InetSocketAddress localAddress() throws IOException;

  abstract InetSocketAddress peerAddress() throws IOException;

  /** Applies the settings to the channel, when there is one. */
  abstract void applySettings() throws IOException;

  @Override
  final int read(Iovecs vectors) throws IOException {
    return receive(vectors, false, false);
  }

  @Override
  final int write(Iovecs vectors) throws IOException {
    return send(vectors, null);
  }

  /** Whether the datagram last received was longer than the vectors. */
  boolean truncated() {
    return false;
  }

  /** Where what was last received came from. */
  InetSocketAddress sender() throws IOException {
    return peerAddress();
  }

  final void fail(Errno errno) {
    error = errno;
  }

  final boolean failed() {
    return error != Errno.SUCCESS;
  }

  /** SO_ERROR: asking clears it. */
  final Errno takeError() {
    Errno taken = error;
    error = Errno.SUCCESS;
    return taken;
  }

  /** Tells the listener of a refusal on its way to the guest. */
  final NetworkDeniedException denied(
      String operation, InetSocketAddress address, NetworkDeniedException e) {
    context.listener().denied(operation, address, String.valueOf(e.getMessage()));
    return e;
  }

  final InetSocketAddress any() {
    return SocketAddresses.any(family, 0);
  }
}
