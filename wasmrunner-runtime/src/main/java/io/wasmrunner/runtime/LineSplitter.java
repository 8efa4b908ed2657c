package io.wasmrunner.runtime;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines; of a longer line only the beginning is kept. */
final class LineSplitter {
  private static final int USUAL_BYTES = 256;

  private final OutputRate rate;
  private final Consumer<String> lines;
  private byte[] line = new byte[USUAL_BYTES];
  private int length;
  private long dropped;
  private boolean open;

  /** Passes lines on as far as the rate admits them. */
  LineSplitter(OutputRate rate, Consumer<String> lines) {
    this.rate = rate;
    this.lines = lines;
  }

  /** Takes the next bytes. */
  synchronized void take(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int end = bytes.position();
      while (end < bytes.limit() && bytes.get(end) != '\n') {
        end++;
      }
      keep(bytes, end - bytes.position());
      if (end < bytes.limit()) {
        bytes.position(end + 1);
        emit();
      }
    }
  }

  private void keep(ByteBuffer bytes, int count) {
    int kept = Math.min(count, CleanText.LIMIT - length);
    if (length + kept > line.length) {
      int doubled = Math.max(line.length * 2, length + kept);
      line = Arrays.copyOf(line, Math.min(CleanText.LIMIT, doubled));
    }
    bytes.get(line, length, kept);
    length += kept;
    dropped += count - kept;
    bytes.position(bytes.position() + count - kept);
    open |= count > 0;
  }

  /** Ends a line that has no end yet. */
  synchronized void flush() {
    if (open) {
      emit();
    }
  }

  private void emit() {
    if (rate.admits(length)) {
      boolean carriageReturn = dropped == 0 && length > 0 && line[length - 1] == '\r';
      byte[] text = Arrays.copyOf(line, carriageReturn ? length - 1 : length);
      lines.accept(CleanText.of(text, dropped));
    }
    length = 0;
    dropped = 0;
    open = false;
  }
}
