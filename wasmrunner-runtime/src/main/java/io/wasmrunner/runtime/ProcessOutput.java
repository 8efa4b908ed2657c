package io.wasmrunner.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Passes what a process prints on, in pieces. */
final class ProcessOutput {
  private static final int PIECE = 8 << 10;

  private ProcessOutput() {}

  /** Passes a stream on until it ends. Blocks. */
  static void pass(InputStream stream, Consumer<ByteBuffer> sink) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
      sink.accept(ByteBuffer.wrap(piece, 0, count));
    }
  }
}
