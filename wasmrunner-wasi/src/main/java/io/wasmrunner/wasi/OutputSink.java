package io.wasmrunner.wasi;

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

  /** Throws everything away. */
  static OutputSink discard() {
    return bytes -> {};
  }
}
