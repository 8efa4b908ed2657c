package io.wasmrunner.wasi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Linear memory of a guest as host functions see it: flat, off-heap, little endian, every access
 * checked, a bad address is EFAULT. Only the guest's thread touches the content and the size; other
 * threads may read the counters.
 */
class GuestMemory {
  static final int PAGE_BYTES = 1 << 16;

  /** Flat memory is one buffer, which Java limits to 2 GiB. */
  static final int MAX_PAGES = Integer.MAX_VALUE / PAGE_BYTES;

  /** Growth doubles the allocation, but adds at most this, as fresh memory is really touched. */
  private static final int MAX_SPARE_BYTES = 64 << 20;

  private static final ByteBuffer NONE =
      ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);

  /** Limit: pages in use. Capacity: what is reserved in the budget. Growth replaces it. */
  ByteBuffer buffer;

  private final int initialPages;
  private final int maximumPages;
  private final MemoryBudget budget;
  private final LongSupplier hostCalls;
  private OffHeap block;
  private int generation;
  private boolean released;
  private @Nullable Refusal lastRefusal;
  private long reserved;
  private volatile int pages;
  private volatile long refusals;

  /**
   * Allocates the initial pages, which the caller has reserved in the budget; {@link #release}
   * gives them back.
   *
   * @param hostCalls counts the guest's host calls
   */
  GuestMemory(int initialPages, int maximumPages, MemoryBudget budget, LongSupplier hostCalls) {
    if (initialPages > maximumPages || maximumPages > MAX_PAGES) {
      throw new IllegalArgumentException("pages: " + initialPages + " to " + maximumPages);
    }
    this.block = OffHeap.allocate(initialPages * PAGE_BYTES);
    this.buffer = block.buffer();
    this.initialPages = initialPages;
    this.maximumPages = maximumPages;
    this.budget = budget;
    this.hostCalls = hostCalls;
    this.pages = initialPages;
    this.reserved = buffer.capacity();
  }

  /** Called when {@link #buffer} or its limit is another. */
  void resized() {}

  public final int pages() {
    return pages;
  }

  public final int initialPages() {
    return initialPages;
  }

  public final int maximumPages() {
    return maximumPages;
  }

  final long bytes() {
    return (long) pages * PAGE_BYTES;
  }

  /** Changes when {@link #buffer} does: views of an older one must not be used any more. */
  final int generation() {
    return generation;
  }

  /** Growths that did not happen. */
  final long refusals() {
    return refusals;
  }

  /** The last growth that did not happen; for the guest's thread. */
  final Optional<Refusal> lastRefusal() {
    return Optional.ofNullable(lastRefusal);
  }

  /** Adds zeroed pages and returns the number before, or -1 when that is not possible. */
  public final int grow(int delta) {
    int before = pages;
    if (delta < 0 || delta > maximumPages - before) {
      return refuse(delta, "its limit of " + (((long) maximumPages * PAGE_BYTES) >> 10) + " KiB");
    }
    int needed = (before + delta) * PAGE_BYTES;
    if (needed > buffer.capacity()) {
      StackReserve.require();
      String refusedBy = reallocate(spacious(needed));
      if (refusedBy != null) {
        refusedBy = reallocate(needed);
      }
      if (refusedBy != null) {
        return refuse(delta, refusedBy);
      }
    }
    buffer.limit(needed);
    resized();
    pages = before + delta;
    return before;
  }

  private int refuse(int delta, String why) {
    long wanted = Integer.toUnsignedLong(delta) * PAGE_BYTES;
    refused(
        "it asked for %d KiB more while it held %d KiB, refused by %s"
            .formatted(wanted >> 10, bytes() >> 10, why));
    return -1;
  }

  /** The JVM had no memory for something that the guest did: that, too, is a refused growth. */
  final void refusedByJvm() {
    refused("a call needed more of the JVM's memory than is left (-Xmx, -XX:MaxDirectMemorySize)");
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the guest's thread alone
  final void refused(String what) {
    refusals++;
    lastRefusal = new Refusal(what, hostCalls.getAsLong(), System.nanoTime());
  }

  /**
   * Takes memory of the host for something that it keeps on the guest's behalf from the budget of
   * all guests; what is not given back before is when the guest ends.
   *
   * @return false when the budget has not as much, which counts as a refused growth
   */
  final boolean hold(int bytes, String what) {
    if (!budget.tryReserve(bytes)) {
      refused(
          what + " needs " + (bytes >> 10) + " KiB, refused by the memory budget of all guests");
      return false;
    }
    reserved += bytes;
    return true;
  }

  /** Gives back what {@link #hold} took, or a part of it. */
  final void letGo(int bytes) {
    if (!released) {
      reserved -= bytes;
      budget.release(bytes);
    }
  }

  private int spacious(int needed) {
    int capacity = buffer.capacity();
    long wanted = (long) capacity + Math.min(capacity, MAX_SPARE_BYTES);
    return (int) Math.min(Math.max(needed, wanted), (long) maximumPages * PAGE_BYTES);
  }

  /** Moves to a larger block; else tells what refused it. */
  private @Nullable String reallocate(int capacity) {
    int added = capacity - buffer.capacity();
    if (!budget.tryReserve(added)) {
      return "the memory budget of all guests";
    }
    reserved += added; // at once: what happens next may end the guest
    OffHeap fresh;
    try {
      fresh = OffHeap.allocate(capacity);
    } catch (OutOfMemoryError e) {
      reserved -= added;
      budget.release(added);
      return "the JVM's limit of direct memory (-XX:MaxDirectMemorySize)";
    }
    OffHeap old = block;
    fresh.buffer().put(0, buffer, 0, buffer.limit());
    use(fresh);
    old.close();
    return null;
  }

  private void use(OffHeap fresh) {
    block = fresh;
    buffer = fresh.buffer();
    generation++;
    resized();
  }

  /** Frees everything. The memory is empty from now on, so that later accesses are only refused. */
  final void release() {
    if (!released) {
      released = true;
      buffer = NONE;
      generation++;
      resized(); // before the block goes
      pages = 0;
      block.close();
      budget.release(reserved);
    }
  }

  /** Fails unless {@code length} bytes at {@code address} are inside. */
  final void check(int address, int length) {
    if (address < 0 || length < 0 || length > buffer.limit() - address) {
      throw Errno.FAULT.exception();
    }
  }

  final int u8(int address) {
    check(address, 1);
    return buffer.get(address) & 0xff;
  }

  final int u16(int address) {
    check(address, 2);
    return buffer.getShort(address) & 0xffff;
  }

  final int i32(int address) {
    check(address, 4);
    return buffer.getInt(address);
  }

  final long i64(int address) {
    check(address, 8);
    return buffer.getLong(address);
  }

  final byte[] bytes(int address, int length) {
    check(address, length);
    byte[] bytes = new byte[length];
    buffer.get(address, bytes);
    return bytes;
  }

  final void putU8(int address, int value) {
    check(address, 1);
    buffer.put(address, (byte) value);
  }

  final void putU16(int address, int value) {
    check(address, 2);
    buffer.putShort(address, (short) value);
  }

  final void putI32(int address, int value) {
    check(address, 4);
    buffer.putInt(address, value);
  }

  final void putI64(int address, long value) {
    check(address, 8);
    buffer.putLong(address, value);
  }

  final void putBytes(int address, byte[] bytes) {
    putBytes(address, bytes, 0, bytes.length);
  }

  final void putBytes(int address, byte[] bytes, int offset, int length) {
    check(address, length);
    buffer.put(address, bytes, offset, length);
  }

  final void clear(int address, int length) {
    check(address, length);
    for (int i = 0; i < length; i++) {
      buffer.put(address + i, (byte) 0);
    }
  }
}
