package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A TCP connection that speaks HTTP byte by byte. */
class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawConnection(Socket socket) {
    this.socket = socket;
    try {
      this.in = new BufferedInputStream(socket.getInputStream());
      socket.setSoTimeout(60_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A message as it came.
   *
   * @param startLine first line
   * @param headers header fields as they came
   * @param body body, chunks joined
   * @param trailers trailer fields as they came
   */
  record Message(String startLine, List<String> headers, Buffer body, List<String> trailers) {
    int status() {
      return Integer.parseInt(startLine.split(" ", 3)[1]);
    }

    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }

    List<String> all(String name) {
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(h -> h.substring(name.length() + 1).strip())
          .toList();
    }

    Optional<String> header(String name) {
      return all(name).stream().findFirst();
    }
  }

  Socket socket() {
    return socket;
  }

  RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends the lines and the empty line that ends a head. */
  RawConnection sendHead(String... lines) throws IOException {
    return send(String.join("\r\n", lines) + "\r\n\r\n");
  }

  RawConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads a request or response head and nothing after it. */
  Message readHead() throws IOException {
    String startLine = readLine();
    List<String> headers = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      headers.add(line);
    }
    return new Message(startLine, headers, Buffer.buffer(), List.of());
  }

  /** Reads a whole message; a response to HEAD must be read by {@link #readHead}. */
  Message read() throws IOException {
    Message head = readHead();
    if (head.startLine().startsWith("HTTP/") && head.status() < 200) {
      return head;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> trailers = new ArrayList<>();
    Optional<String> length = head.header("Content-Length");
    if (head.header("Transfer-Encoding").isPresent()) {
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        body.write(readFully(size));
        readLine();
      }
      for (String line = readLine(); !line.isEmpty(); line = readLine()) {
        trailers.add(line);
      }
    } else if (length.isPresent()) {
      body.write(readFully(Integer.parseInt(length.get())));
    } else if (head.startLine().startsWith("HTTP/")
        && head.status() != 204
        && head.status() != 304) {
      body.write(in.readAllBytes());
    }
    return new Message(
        head.startLine(), head.headers(), Buffer.buffer(body.toByteArray()), trailers);
  }

  byte[] readFully(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("got " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** Next byte, or -1 at the end. */
  int readByte() throws IOException {
    return in.read();
  }

  /** Everything up to the end of the connection. */
  byte[] readRest() throws IOException {
    return in.readAllBytes();
  }

  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("connection ended in: " + line);
      }
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(readLine().split(";", 2)[0].strip(), 16);
  }

  /** Closes with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
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
