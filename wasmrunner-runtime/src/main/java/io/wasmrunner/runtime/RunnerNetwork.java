package io.wasmrunner.runtime;

import io.wasmrunner.wasi.Network;
import io.wasmrunner.wasi.NioNetwork;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The network of one embedded runner: the host's, and its own port from the generation before or
 * for the generation after.
 */
final class RunnerNetwork implements Network {
  private final int port;
  private final KeptListeners kept;
  private final NioNetwork host;
  private volatile boolean handingOver;
  private volatile @Nullable String bindFailure;

  RunnerNetwork(int port, KeptListeners kept) {
    this.port = port;
    this.kept = kept;
    this.host = new NioNetwork(kept.bindHost());
  }

  /** The listener of the runner's port stays open after the guest. */
  void handOver() {
    handingOver = true;
  }

  /** Why the guest could not listen, if it was refused last. */
  Optional<String> bindFailure() {
    return Optional.ofNullable(bindFailure);
  }

  @Override
  public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
    if (requested.getPort() == port) {
      Optional<ServerSocketChannel> before = kept.take(port);
      if (before.isPresent()) {
        return before.get();
      }
    }
    try {
      ServerSocketChannel listener = host.listen(requested);
      bindFailure = null;
      return listener;
    } catch (BindException e) {
      bindFailure = "port " + requested.getPort() + ": " + e.getMessage();
      throw e;
    }
  }

  @Override
  public void release(ServerSocketChannel listener) throws IOException {
    if (handingOver
        && listener.isOpen()
        && listener.getLocalAddress() instanceof InetSocketAddress local
        && local.getPort() == port) {
      kept.keep(port, listener);
    } else {
      host.release(listener);
    }
  }

  @Override
  public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
    return host.connectTarget(requested);
  }

  @Override
  public SocketChannel openStream(@Nullable InetSocketAddress local) throws IOException {
    return host.openStream(local);
  }

  @Override
  public DatagramChannel openDatagram(@Nullable InetSocketAddress local) throws IOException {
    return host.openDatagram(local);
  }

  @Override
  public InetAddress[] resolve(String name) throws IOException {
    return host.resolve(name);
  }
}
