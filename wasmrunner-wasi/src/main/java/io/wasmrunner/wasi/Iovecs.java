package io.wasmrunner.wasi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The buffers of one read or write call as views of guest memory, so that channels move bytes
 * without a copy. The views are kept from call to call; one instance serves one guest's thread.
 */
final class Iovecs {
  static final int MAX_COUNT = 1024;

  private final GuestMemory memory;
  private int generation = -1;
  private ByteBuffer[] views = new ByteBuffer[4];
  private int made;
  private int count;
  private int total;

  Iovecs(GuestMemory memory) {
    this.memory = memory;
  }

  /** Reads {@code n} vectors at {@code address}; empty ones are left out. */
  Iovecs read(int address, int n) {
    if (n < 0 || n > MAX_COUNT) {
      throw Errno.INVAL.exception();
    }
    if (generation != memory.generation()) {
      generation = memory.generation();
      made = 0;
    }
    count = 0;
    total = 0;
    memory.check(address, n * 8);
    for (int i = 0; i < n; i++) {
      int pointer = memory.i32(address + i * 8);
      int length = memory.i32(address + i * 8 + 4);
      memory.check(pointer, length);
      length = Math.min(length, Integer.MAX_VALUE - total); // vectors may overlap
      if (length > 0) {
        next().limit(pointer + length).position(pointer);
        total += length;
        count++;
      }
    }
    return this;
  }

  private ByteBuffer next() {
    if (count == made) {
      if (made == views.length) {
        views = java.util.Arrays.copyOf(views, made * 2);
      }
      views[made++] = memory.buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer view = views[count];
    view.clear();
    return view;
  }

  ByteBuffer[] views() {
    return views;
  }

  ByteBuffer first() {
    return views[0];
  }

  int count() {
    return count;
  }

  /** Bytes in all vectors. */
  int total() {
    return total;
  }

  /** Bytes that are not filled or taken yet. */
  int remaining() {
    int remaining = 0;
    for (int i = 0; i < count; i++) {
      remaining += views[i].remaining();
    }
    return remaining;
  }

  /** Fills the vectors from {@code source} as far as both go, and returns the number of bytes. */
  int put(ByteBuffer source) {
    int before = source.remaining();
    for (int i = 0; i < count && source.hasRemaining(); i++) {
      ByteBuffer view = views[i];
      int n = Math.min(view.remaining(), source.remaining());
      view.put(view.position(), source, source.position(), n);
      view.position(view.position() + n);
      source.position(source.position() + n);
    }
    return before - source.remaining();
  }

  /** Takes at most {@code limit} bytes out of the vectors. */
  byte[] take(int limit) {
    byte[] bytes = new byte[Math.min(limit, remaining())];
    int at = 0;
    for (int i = 0; i < count && at < bytes.length; i++) {
      int n = Math.min(views[i].remaining(), bytes.length - at);
      views[i].get(bytes, at, n);
      at += n;
    }
    return bytes;
  }
}
