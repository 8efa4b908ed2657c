package io.wasmrunner.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that sends exactly the bytes it is told. */
final class RawClient extends RawConnection {
  RawClient(InetSocketAddress address) {
    super(open(address));
  }

  private static Socket open(InetSocketAddress address) {
    try {
      Socket socket = new Socket(address.getAddress(), address.getPort());
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request without a body and reads the answer. */
  Message get(String target, String... headers) {
    return call("GET " + target, headers);
  }

  /**
   * Sends a request line (without version) and a header, and reads the answer. What begins with an
   * empty line is the body.
   */
  Message call(String line, String... headers) {
    try {
      StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\nHost: test.local\r\n");
      String body = "\r\n";
      for (String header : headers) {
        if (header.startsWith("\r\n")) {
          body = header;
        } else {
          request.append(header).append("\r\n");
        }
      }
      send(request.append(body).toString());
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
