package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An HTTPS server on a free loopback port, which gives every request the same answer. */
final class TestingTlsServer implements AutoCloseable {
  static final String ANSWER = "hello over TLS";

  private final SSLServerSocket socket;
  private final String answer;

  TestingTlsServer(SSLContext context, String... protocols) {
    this(ANSWER, context, protocols);
  }

  TestingTlsServer(String answer, SSLContext context, String... protocols) {
    this.answer = answer;
    try {
      socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    daemon(this::acceptAll);
  }

  int port() {
    return socket.getLocalPort();
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "tls-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!socket.isClosed()) {
      try {
        SSLSocket client = (SSLSocket) socket.accept();
        daemon(() -> answer(client));
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void answer(SSLSocket client) {
    try (client) {
      readHead(client.getInputStream());
      String head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: " + answer.length();
      client.getOutputStream().write((head + "\r\n\r\n" + answer).getBytes(UTF_8));
    } catch (IOException e) {
      // the client has refused us, as some tests want it
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The request is cut off");
      }
      last = last << 8 | next;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
