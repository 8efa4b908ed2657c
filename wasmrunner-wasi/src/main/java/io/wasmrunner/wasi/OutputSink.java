package io.wasmrunner.wasi;

import java.nio.ByteBuffer;

/**
 * Takes what a guest writes to a standard stream. Called on the guest's thread; must not block. A
 * call may hold a part of a line or several lines.
 */
@FunctionalInterface
public interface OutputSink {
  /**
   * Takes {@code bytes}, which the receiver may keep. An {@link java.io.UncheckedIOException} gives
   * the guest that error's number; any other failure is EIO, and logged once.
   */
  void write(byte[] bytes);

  /**
   * Takes what remains of {@code bytes}, a view of the guest's memory that is valid during the call
   * only. Default: copies it for {@link #write(byte[])}.
   */
  default void write(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    write(copy);
  }

  /** Throws everything away. */
  static OutputSink discard() {
    return bytes -> {};
  }
}
