package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.RunnerUsage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.stream.Stream;
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
   */
  record Exit(ExitCause cause, String detail, OptionalInt code) {}

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

  private static void tell(int kind, byte[] content, Listener listener) throws IOException {
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(content));
    switch (kind) {
      case STDOUT -> listener.stdout(ByteBuffer.wrap(content));
      case STDERR -> listener.stderr(ByteBuffer.wrap(content));
      case HOST -> listener.host(in.readUTF());
      case USAGE ->
          listener.usage(
              new RunnerUsage(
                  in.readLong(),
                  in.readLong(),
                  in.readLong(),
                  Duration.ofNanos(in.readLong()),
                  Duration.ofNanos(in.readLong()),
                  in.readUTF()));
      case ACCESS -> listener.accessed(access(content));
      case EXIT ->
          listener.exit(
              new Exit(
                  cause(in.readUTF()),
                  in.readUTF(),
                  in.readBoolean() ? OptionalInt.of(in.readInt()) : OptionalInt.empty()));
      default -> throw new BrokenException("a frame of kind " + kind);
    }
  }

  private static Access access(byte[] content) throws IOException {
    try {
      return JSON.readValue(content, Access.class);
    } catch (JacksonException e) {
      throw new BrokenException("an access that cannot be read: " + e.getOriginalMessage());
    }
  }

  private static ExitCause cause(String name) throws IOException {
    return Stream.of(ExitCause.values())
        .filter(cause -> cause.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BrokenException("an unknown cause"));
  }

  /** Writes frames; those of several threads one after another. */
  static final class Writer {
    private interface Content {
      void writeTo(DataOutputStream out) throws IOException;
    }

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
      write(HOST, out -> out.writeUTF(CleanText.of(line)));
    }

    void usage(RunnerUsage usage) throws IOException {
      write(
          USAGE,
          out -> {
            out.writeLong(usage.memoryBytes());
            out.writeLong(usage.memoryLimitBytes());
            out.writeLong(usage.memoryRefusals());
            out.writeLong(usage.cpu().toNanos());
            out.writeLong(usage.idle().toNanos());
            out.writeUTF(usage.code());
          });
    }

    void accessed(Access access) throws IOException {
      write(ACCESS, out -> out.write(JSON.writeValueAsBytes(access)));
    }

    void exit(Exit exit) throws IOException {
      write(
          EXIT,
          out -> {
            out.writeUTF(exit.cause().name());
            out.writeUTF(CleanText.of(exit.detail()));
            out.writeBoolean(exit.code().isPresent());
            out.writeInt(exit.code().orElse(0));
          });
    }

    private void pieces(int kind, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        byte[] piece = new byte[Math.min(bytes.remaining(), LARGEST)];
        bytes.get(piece);
        write(kind, out -> out.write(piece));
      }
    }

    private void write(int kind, Content content) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      content.writeTo(new DataOutputStream(bytes));
      if (bytes.size() > LARGEST) {
        return; // only what a guest made absurdly large, such as the name of a host
      }
      byte[] frame =
          ByteBuffer.allocate(1 + Integer.BYTES + bytes.size())
              .put((byte) kind)
              .putInt(bytes.size())
              .put(bytes.toByteArray())
              .array();
      synchronized (this) {
        stream.write(frame);
        stream.flush();
      }
    }
  }
}
