package io.wasmrunner.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners between two generations of a runner, by port. Their connections wait in the kernel's
 * queue until the next generation accepts them. Thread-safe.
 */
final class KeptListeners {
  private static final Logger LOG = LoggerFactory.getLogger(KeptListeners.class);

  private final InetAddress bindHost;
  private final Map<Integer, ServerSocketChannel> byPort = new ConcurrentHashMap<>();

  /** How many launchers run a runner of this port: two, while one replaces another. */
  private final Map<Integer, Integer> assigned = new ConcurrentHashMap<>();

  KeptListeners(InetAddress bindHost) {
    this.bindHost = bindHost;
  }

  /** Address that guests listen on. */
  InetAddress bindHost() {
    return bindHost;
  }

  /** This port is a runner's; no other guest gets it. */
  void assign(int port) {
    assigned.merge(port, 1, Integer::sum);
  }

  /** Whether this port is a runner's. */
  boolean assigned(int port) {
    return assigned.containsKey(port);
  }

  void unassign(int port) {
    if (assigned.computeIfPresent(port, (key, count) -> count > 1 ? count - 1 : null) == null) {
      discard(port);
    }
  }

  void keep(int port, ServerSocketChannel listener) {
    close(byPort.put(port, listener));
  }

  /** Takes the listener of this port out, if one is kept. */
  Optional<ServerSocketChannel> take(int port) {
    return Optional.ofNullable(byPort.remove(port)).filter(ServerSocketChannel::isOpen);
  }

  /** Closes the listener of this port, if nobody took it. */
  void discard(int port) {
    close(byPort.remove(port));
  }

  void close() {
    for (Integer port : byPort.keySet()) {
      discard(port);
    }
  }

  private static void close(@org.jspecify.annotations.Nullable ServerSocketChannel listener) {
    if (listener == null) {
      return;
    }
    try {
      listener.close();
    } catch (IOException e) {
      LOG.warn("a listener could not be closed", e);
    }
  }
}
