package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Decides where guests may bind and connect, and opens the channels. May be shared by guests:
 * thread-safe. All methods but {@link #resolve} are called on the guest's thread and must not
 * block. Refusals are {@link NetworkDeniedException}.
 */
public interface Network {
  /**
   * Opens a listener for the address that the guest asked for, bound and non-blocking. What it is
   * really bound to is the network's choice, and what the guest sees as its local address.
   */
  ServerSocketChannel listen(InetSocketAddress requested) throws IOException;

  /** The guest is done with a listener of {@link #listen}: closes it, or keeps it for another. */
  default void release(ServerSocketChannel listener) throws IOException {
    listener.close();
  }

  /** Where a connection to {@code requested} really goes. */
  InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException;

  /** A new, unconnected, non-blocking stream channel, bound to {@code local} when given. */
  SocketChannel openStream(@org.jspecify.annotations.Nullable InetSocketAddress local)
      throws IOException;

  /** A new non-blocking datagram channel, bound to {@code local} when given. */
  DatagramChannel openDatagram(@org.jspecify.annotations.Nullable InetSocketAddress local)
      throws IOException;

  /** Addresses of a host name. May block; called on a thread of its own. */
  InetAddress[] resolve(String host) throws IOException;
}
