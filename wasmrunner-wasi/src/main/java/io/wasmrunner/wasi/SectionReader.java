package io.wasmrunner.wasi;

/** Walks over length-prefixed sections; stops at the first that does not fit. */
final class SectionReader {
  private final byte[] bytes;
  private final int limit;
  private int head;
  private int id;
  private int start;
  private int end;

  SectionReader(byte[] bytes, int from) {
    this(bytes, from, bytes.length);
  }

  SectionReader(byte[] bytes, int from, int limit) {
    this.bytes = bytes;
    this.limit = limit;
    this.head = from;
    this.end = from;
  }

  /** Moves to the next section; false at the end, where {@link #head} is what is left over. */
  boolean next() {
    head = end;
    if (head >= limit) {
      return false;
    }
    LebReader leb = new LebReader(bytes, head + 1, limit);
    int size = leb.u32();
    if (size < 0 || size > limit - leb.position()) {
      return false;
    }
    id = bytes[head];
    start = leb.position();
    end = start + size;
    return true;
  }

  int id() {
    return id;
  }

  /** Where the section begins, with its number and size. */
  int head() {
    return head;
  }

  /** Where its content begins. */
  int start() {
    return start;
  }

  int end() {
    return end;
  }
}
