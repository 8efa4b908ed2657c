package io.wasmrunner.wasi;

/**
 * Takes what a guest writes to a standard stream. Called on the guest's thread; must not block. A
 * call may hold a part of a line or several lines.
 */
@FunctionalInterface
public interface OutputSink {
  /** Takes {@code bytes}, which the receiver may keep. */
  void write(byte[] bytes);

  /** Throws everything away. */
  static OutputSink discard() {
    return bytes -> {};
  }
}
