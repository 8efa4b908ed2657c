package io.wasmrunner.wasi;

/** Reads variable-length numbers; -1 stands for one that does not fit or is cut off. */
final class LebReader {
  private final byte[] bytes;
  private final int limit;
  private int position;

  LebReader(byte[] bytes, int position, int limit) {
    this.bytes = bytes;
    this.position = position;
    this.limit = limit;
  }

  int position() {
    return position;
  }

  /** Bytes up to the limit. */
  int left() {
    return limit - position;
  }

  /** A byte, or -1 at the limit. */
  int u8() {
    return position < limit ? bytes[position++] & 0xff : -1;
  }

  void skip(int count) {
    position += count;
  }

  /** An unsigned number below 2^31, or -1. */
  int u32() {
    long value = 0;
    for (int shift = 0; shift < 35 && position < limit; shift += 7) {
      byte b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value <= Integer.MAX_VALUE ? (int) value : -1;
      }
    }
    return -1;
  }
}
