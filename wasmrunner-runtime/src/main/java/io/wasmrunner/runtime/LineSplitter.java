package io.wasmrunner.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines; of a longer line only the beginning is kept. */
final class LineSplitter {
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long dropped;
  private boolean open;

  LineSplitter(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Takes the next bytes. */
  synchronized void take(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        emit();
      } else if (line.size() < CleanText.LIMIT) {
        line.write(next);
        open = true;
      } else {
        dropped++;
      }
    }
  }

  /** Ends a line that has no end yet. */
  synchronized void flush() {
    if (open) {
      emit();
    }
  }

  private void emit() {
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    if (dropped == 0 && length > 0 && bytes[length - 1] == '\r') {
      bytes = java.util.Arrays.copyOf(bytes, length - 1);
    }
    lines.accept(CleanText.of(bytes, dropped));
    line.reset();
    dropped = 0;
    open = false;
  }
}
