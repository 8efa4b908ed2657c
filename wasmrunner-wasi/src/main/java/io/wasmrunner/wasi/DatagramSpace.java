package io.wasmrunner.wasi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Room for one datagram of any size, made when it is first needed. One for all of a guest. */
final class DatagramSpace {
  static final int MAX_BYTES = 65_535;

  private @Nullable ByteBuffer buffer;

  /** The room, empty; what is in it lasts until the next call. */
  ByteBuffer cleared() {
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(MAX_BYTES);
    }
    return buffer.clear();
  }
}
