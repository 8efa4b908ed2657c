package io.wasmrunner.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP server in a runner's place, for answers no HTTP server would give. */
final class RawRunner implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** What it does with a connection, on a thread of its own. */
  interface Script {
    void run(RawConnection connection, int number) throws Exception;
  }

  private RawRunner(Script script, int backlog) {
    this.script = script;
    try {
      this.server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawRunner start(Script script) {
    RawRunner runner = new RawRunner(script, 100);
    daemon(runner::accept);
    return runner;
  }

  /** One that listens and never accepts. */
  static RawRunner deaf(int backlog) {
    return new RawRunner((connection, number) -> {}, backlog);
  }

  /** A port that refuses connections. */
  static int refusedPort() {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return closed.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return sockets.size();
  }

  private void accept() {
    int number = 0;
    while (true) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        int mine = number++;
        daemon(
            () -> {
              try {
                script.run(new RawConnection(socket), mine);
              } catch (Exception gone) {
                // The proxy left; tests look at what it did, not at this.
              }
            });
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "raw-runner");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
