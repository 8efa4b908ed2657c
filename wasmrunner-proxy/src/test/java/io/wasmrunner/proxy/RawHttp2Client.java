package io.wasmrunner.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the HTTP/2 frames it is told. */
final class RawHttp2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final int PRIORITY = 0x20;

  private final RawConnection connection;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  /**
   * A frame of the server.
   *
   * @param type its type
   * @param flags its flags
   * @param stream its stream, 0 for the connection
   * @param payload its content
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Frame(int type, int flags, int stream, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Error code of GOAWAY or RST_STREAM. */
    int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }
  }

  /** Speaks on this connection with prior knowledge. */
  RawHttp2Client(Socket socket) throws IOException {
    connection = new RawConnection(socket);
    connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  RawHttp2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(9 + payload.length);
    bytes.put((byte) (payload.length >> 16)).put((byte) (payload.length >> 8));
    bytes.put((byte) payload.length).put((byte) type).put((byte) flags).putInt(stream);
    connection.send(bytes.put(payload).array());
    return this;
  }

  /** Sends a head; names and values take turns. */
  RawHttp2Client request(int stream, boolean last, String... fields) throws IOException {
    return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, encode(fields));
  }

  static byte[] encode(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0); // a literal that is not remembered
      for (int j = i; j < i + 2; j++) {
        byte[] text = fields[j].getBytes(StandardCharsets.ISO_8859_1);
        length(block, text.length);
        block.writeBytes(text);
      }
    }
    return block.toByteArray();
  }

  /** RFC 7541, 5.1, with seven bits in the first byte. */
  private static void length(ByteArrayOutputStream block, int length) {
    if (length < 127) {
      block.write(length);
      return;
    }
    block.write(127);
    int rest = length - 127;
    while (rest >= 128) {
      block.write(rest % 128 + 128);
      rest /= 128;
    }
    block.write(rest);
  }

  static String[] get(String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method", "GET", ":scheme", "http", ":authority", "test.local", ":path", path));
    fields.addAll(List.of(more));
    return fields.toArray(String[]::new);
  }

  /** The next frame that says something about requests or the end. */
  Frame read() throws IOException {
    while (true) {
      byte[] head = connection.readFully(9);
      int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
      int stream = ByteBuffer.wrap(head).getInt(5);
      Frame frame = new Frame(head[3], head[4], stream, connection.readFully(length));
      if (frame.type() <= RST_STREAM || frame.type() == GOAWAY) {
        return frame;
      }
    }
  }

  Http2Headers headers(Frame frame) throws Http2Exception {
    int priority = (frame.flags() & PRIORITY) != 0 ? 5 : 0;
    return decoder.decodeHeaders(
        frame.stream(), Unpooled.wrappedBuffer(frame.payload()).skipBytes(priority));
  }

  /** What the server says last: an error code, or -1 when it just closes. */
  int lastWord() throws IOException {
    try {
      while (true) {
        Frame frame = read();
        if (frame.type() == GOAWAY) {
          return frame.error();
        }
      }
    } catch (EOFException | java.net.SocketException closed) {
      return -1;
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
