package io.wasmrunner.wasi;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Direct buffers that wait for their next use, 256 MiB at most. Thread-safe. */
final class BlockPool {
  private static final long LIMIT_BYTES = 256L << 20;
  private static final byte[] ZEROS = new byte[64 << 10];

  private final TreeMap<Long, ByteBuffer> blocks = new TreeMap<>();
  private long number;
  private long bytes;

  /** A zeroed block of at least this size and less than twice of it. */
  @Nullable ByteBuffer take(int size) {
    ByteBuffer block;
    synchronized (this) {
      Map.Entry<Long, ByteBuffer> entry = blocks.ceilingEntry(key(size, 0));
      if (entry == null || entry.getValue().capacity() / 2 >= size) {
        return null;
      }
      block = entry.getValue();
      blocks.remove(entry.getKey());
      bytes -= block.capacity();
    }
    for (int at = 0; at < size; at += ZEROS.length) {
      block.put(at, ZEROS, 0, Math.min(ZEROS.length, size - at));
    }
    return block;
  }

  /** Keeps a block, or leaves it to the collector when there are enough. */
  synchronized void give(ByteBuffer block) {
    if (block.capacity() > 0 && bytes + block.capacity() <= LIMIT_BYTES) {
      blocks.put(key(block.capacity(), ++number), block);
      bytes += block.capacity();
    }
  }

  /** Leaves all to the collector; false when there were none. */
  synchronized boolean clear() {
    boolean held = !blocks.isEmpty();
    blocks.clear();
    bytes = 0;
    return held;
  }

  /** Sorts by size; the number tells blocks of one size apart. */
  private static long key(int size, long number) {
    return ((long) size << 32) | (number & 0xffff_ffffL);
  }
}
