package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The host's network: a guest that binds to any address gets the bind host, one that binds to a
 * loopback address gets it when the bind host is loopback too, and connections go anywhere except
 * to the metadata services of cloud providers. Thread-safe.
 */
public final class NioNetwork implements Network {
  /** Backlog of listeners; the guest's own is not known when the host binds. */
  private static final int BACKLOG = 1024;

  private static final InetAddress LOOPBACK = literal("127.0.0.1");

  private final InetAddress bindHost;

  /** A network whose guests listen on {@code bindHost}. */
  public NioNetwork(InetAddress bindHost) {
    this.bindHost = bindHost;
  }

  /** A network whose guests listen on 127.0.0.1. */
  public static NioNetwork loopback() {
    return new NioNetwork(LOOPBACK);
  }

  @Override
  public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
    InetSocketAddress local = bindAddress(requested);
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.configureBlocking(false);
      channel.bind(local, BACKLOG);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
    InetAddress address = requested.getAddress();
    if (AddressScope.of(address) == AddressScope.METADATA) {
      throw new NetworkDeniedException(
          address.getHostAddress() + " is a cloud metadata service, which no guest may reach");
    }
    return address.isAnyLocalAddress()
        ? new InetSocketAddress(LOOPBACK, requested.getPort()) // as the system takes it
        : requested;
  }

  @Override
  public SocketChannel openStream(@Nullable InetSocketAddress local) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (local != null) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(local);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public DatagramChannel openDatagram(@Nullable InetSocketAddress local) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.configureBlocking(false);
      if (local != null) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(bindAddress(local));
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public InetAddress[] resolve(String host) throws IOException {
    return InetAddress.getAllByName(host);
  }

  private InetSocketAddress bindAddress(InetSocketAddress requested) throws IOException {
    InetAddress address = requested.getAddress();
    boolean open =
        address.isAnyLocalAddress()
            || address.equals(bindHost)
            || bindHost.isAnyLocalAddress()
            || (address.isLoopbackAddress() && bindHost.isLoopbackAddress());
    if (!open) {
      throw new NetworkDeniedException(
          "guests listen on "
              + bindHost.getHostAddress()
              + ", not on "
              + address.getHostAddress()
              + "; bind to 0.0.0.0 or configure that host");
    }
    InetAddress host =
        address.isAnyLocalAddress() || !bindHost.isAnyLocalAddress() ? bindHost : address;
    return new InetSocketAddress(host, requested.getPort());
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
