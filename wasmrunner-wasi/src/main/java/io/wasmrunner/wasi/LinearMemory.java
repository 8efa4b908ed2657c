package io.wasmrunner.wasi;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * {@link GuestMemory} as the engine sees it: a bad address is a trap. A process has one of the two
 * kinds, so that the JIT compiler knows where a call goes.
 */
abstract sealed class LinearMemory extends GuestMemory implements Memory
    permits RawLinearMemory, BufferLinearMemory {
  private static final int PATTERN_BYTES = 4096;
  private static final byte[] ZEROS = new byte[PATTERN_BYTES];

  private final boolean shared;
  private DataSegment[] segments = {};

  LinearMemory(
      int initialPages,
      int maximumPages,
      boolean shared,
      MemoryBudget budget,
      LongSupplier hostCalls) {
    super(initialPages, maximumPages, budget, hostCalls);
    this.shared = shared;
  }

  /** The fastest kind that this process has; as {@link GuestMemory}. */
  static LinearMemory allocate(
      int initialPages,
      int maximumPages,
      boolean shared,
      MemoryBudget budget,
      LongSupplier hostCalls) {
    return RawAccess.AVAILABLE
        ? new RawLinearMemory(initialPages, maximumPages, shared, budget, hostCalls)
        : new BufferLinearMemory(initialPages, maximumPages, shared, budget, hostCalls);
  }

  @Override
  public boolean shared() {
    return shared;
  }

  @Override
  public final long readU16(int addr) {
    return readShort(addr) & 0xffff;
  }

  @Override
  public final long readF32(int addr) {
    return readInt(addr);
  }

  @Override
  public final long readF64(int addr) {
    return readLong(addr);
  }

  @Override
  public byte[] readBytes(int addr, int len) {
    trapUnless(addr, len);
    byte[] bytes = new byte[len];
    buffer.get(addr, bytes);
    return bytes;
  }

  @Override
  public void write(int addr, byte[] data, int offset, int size) {
    if (offset < 0 || size < 0 || size > data.length - offset) {
      throw trap(offset, size);
    }
    trapUnless(addr, size);
    buffer.put(addr, data, offset, size);
  }

  @Override
  public void copy(int dest, int src, int size) {
    trapUnless(dest, size);
    trapUnless(src, size);
    buffer.put(dest, buffer, src, size); // as if through an intermediate copy
  }

  @Override
  public void fill(byte value, int fromIndex, int toIndex) {
    trapUnless(fromIndex, toIndex - fromIndex);
    byte[] pattern = ZEROS;
    if (value != 0) {
      pattern = new byte[Math.min(PATTERN_BYTES, toIndex - fromIndex)];
      java.util.Arrays.fill(pattern, value);
    }
    for (int at = fromIndex; at < toIndex; at += PATTERN_BYTES) {
      buffer.put(at, pattern, 0, Math.min(PATTERN_BYTES, toIndex - at));
    }
  }

  @Override
  public void zero() {
    // allocated zeroed, and the engine asks before the first write
  }

  @Override
  public void initialize(Instance instance, DataSegment @Nullable [] dataSegments) {
    initialize(instance, dataSegments, 0);
  }

  @Override
  public void initialize(
      Instance instance, DataSegment @Nullable [] dataSegments, int memoryIndex) {
    if (dataSegments == null) {
      return;
    }
    segments = dataSegments; // the instance's own array, which data.drop empties
    for (int i = 0; i < dataSegments.length; i++) {
      if (dataSegments[i] instanceof ActiveDataSegment active && active.index() == memoryIndex) {
        int offset =
            (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        byte[] data = active.data();
        if (outside(offset, data.length)) {
          throw new UninstantiableException(message(offset, data.length));
        }
        buffer.put(offset, data);
        dataSegments[i] = PassiveDataSegment.EMPTY;
      }
    }
  }

  @Override
  public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
    write(dest, segments[segmentId].data(), offset, size);
  }

  @Override
  public void drop(int segment) {
    segments[segment] = PassiveDataSegment.EMPTY;
  }

  /** One thread per guest: every operation is atomic already. */
  @Override
  @SuppressWarnings("removal") // abstract, so it has to be here
  public Object lock(int address) {
    return this;
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    return waitFor(readInt(address) == expected, timeout);
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    return waitFor(readLong(address) == expected, timeout);
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    read(address);
    return 0;
  }

  /** There is no other thread that could notify: the wait ends by time or interrupt. */
  private int waitFor(boolean equal, long timeoutNanos) {
    if (!shared) {
      throw new WasmRuntimeException("expected shared memory");
    }
    if (!equal) {
      return 1;
    }
    try {
      Thread.sleep(timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos / 1_000_000 + 1);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WasmInterruptedException("Thread interrupted");
    }
  }

  private boolean outside(int addr, int size) {
    return addr < 0 || size < 0 || size > buffer.limit() - addr;
  }

  private void trapUnless(int addr, int size) {
    if (outside(addr, size)) {
      throw trap(addr, size);
    }
  }

  final WasmRuntimeException trap(int addr, int size) {
    return new WasmRuntimeException(message(addr, size));
  }

  private String message(int addr, int size) {
    return "out of bounds memory access: "
        + Integer.toUnsignedString(size)
        + " bytes at address "
        + Integer.toUnsignedString(addr)
        + " of "
        + buffer.limit();
  }
}
