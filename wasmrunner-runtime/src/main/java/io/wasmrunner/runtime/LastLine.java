package io.wasmrunner.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Keeps the end of what a program prints, to tell its last line. Not thread-safe. */
final class LastLine {
  /** Bytes kept; of a longer line only the end is told. */
  static final int LIMIT = 1024;

  private final byte[] end = new byte[LIMIT];
  private int length;

  /** Takes what was printed next. */
  void take(byte[] piece) {
    int added = Math.min(piece.length, LIMIT);
    int kept = Math.min(length, LIMIT - added);
    System.arraycopy(end, length - kept, end, 0, kept);
    System.arraycopy(piece, piece.length - added, end, kept, added);
    length = kept + added;
  }

  /** The last line that says something, safe to show. */
  Optional<String> text() {
    return new String(Arrays.copyOf(end, length), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .reduce((before, line) -> line)
        .map(CleanText::of);
  }
}
