package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.RunnerUsage;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a child JVM tells through its standard output: frames of a kind, a length and a content.
 * What the guest prints is the content of a frame, so no guest can make one.
 */
final class GuestFrames {
  /** Largest content of a frame. */
  static final int LARGEST = 64 << 10;

  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int HOST = 3;
  private static final int USAGE = 4;
  private static final int EXIT = 5;
  private static final int ACCESS = 6;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private GuestFrames() {}

  /**
   * How a guest ended.
   *
   * @param code its own exit code
   * @param backtrace its functions that were under way, innermost first
   */
  record Exit(ExitCause cause, String detail, OptionalInt code, List<String> backtrace) {}

  /** Hears what a child tells. */
  interface Listener {
    void stdout(ByteBuffer bytes);

    void stderr(ByteBuffer bytes);

    void host(String line);

    void usage(RunnerUsage usage);

    void accessed(Access access);

    void exit(Exit exit);
  }

  /** Something else than frames came, or frames that are too large. */
  static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message);
    }
  }

  /**
   * Reads frames until the stream ends.
   *
   * @throws BrokenException when something else comes
   */
  static void read(InputStream stream, Listener listener) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    for (int kind = in.read(); kind >= 0; kind = in.read()) {
      int length = in.readInt();
      if (length < 0 || length > LARGEST) {
        throw new BrokenException("a frame of " + length + " bytes");
      }
      byte[] content = in.readNBytes(length);
      if (content.length < length) {
        throw new EOFException("in a frame");
      }
      tell(kind, content, listener);
    }
  }

  private static void tell(int kind, byte[] content, Listener listener) throws BrokenException {
    switch (kind) {
      case STDOUT -> listener.stdout(ByteBuffer.wrap(content));
      case STDERR -> listener.stderr(ByteBuffer.wrap(content));
      case HOST -> listener.host(new String(content, StandardCharsets.UTF_8));
      case USAGE -> listener.usage(json(content, RunnerUsage.class));
      case EXIT -> listener.exit(json(content, Exit.class));
      case ACCESS -> listener.accessed(json(content, Access.class));
      default -> throw new BrokenException("a frame of kind " + kind);
    }
  }

  private static <T> T json(byte[] content, Class<T> type) throws BrokenException {
    try {
      return JSON.readValue(content, type);
    } catch (JacksonException e) {
      throw new BrokenException("no " + type.getSimpleName() + ": " + e.getOriginalMessage());
    }
  }

  /** Writes frames; those of several threads one after another. */
  static final class Writer {
    private final OutputStream stream;

    Writer(OutputStream stream) {
      this.stream = stream;
    }

    void stdout(ByteBuffer bytes) throws IOException {
      pieces(STDOUT, bytes);
    }

    void stderr(ByteBuffer bytes) throws IOException {
      pieces(STDERR, bytes);
    }

    void host(String line) throws IOException {
      write(HOST, CleanText.of(line).getBytes(StandardCharsets.UTF_8));
    }

    void usage(RunnerUsage usage) throws IOException {
      write(USAGE, JSON.writeValueAsBytes(usage));
    }

    void accessed(Access access) throws IOException {
      write(ACCESS, JSON.writeValueAsBytes(access));
    }

    void exit(Exit exit) throws IOException {
      String detail = CleanText.of(exit.detail());
      List<String> frames = exit.backtrace().stream().map(CleanText::of).toList();
      byte[] whole = JSON.writeValueAsBytes(new Exit(exit.cause(), detail, exit.code(), frames));
      write(
          EXIT,
          whole.length <= LARGEST
              ? whole
              : JSON.writeValueAsBytes(new Exit(exit.cause(), detail, exit.code(), List.of())));
    }

    private void pieces(int kind, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        byte[] piece = new byte[Math.min(bytes.remaining(), LARGEST)];
        bytes.get(piece);
        write(kind, piece);
      }
    }

    private synchronized void write(int kind, byte[] content) throws IOException {
      if (content.length > LARGEST) {
        return; // only what a guest made absurdly large, such as the name of a host
      }
      ByteBuffer frame = ByteBuffer.allocate(1 + Integer.BYTES + content.length);
      stream.write(frame.put((byte) kind).putInt(content.length).put(content).array());
      stream.flush();
    }
  }
}
