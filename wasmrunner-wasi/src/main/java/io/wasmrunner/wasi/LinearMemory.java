package io.wasmrunner.wasi;

import static java.lang.invoke.MethodHandles.byteBufferViewVarHandle;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.VarHandle;
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

/** {@link GuestMemory} as the engine sees it: a bad address is a trap. */
final class LinearMemory extends GuestMemory implements Memory {
  private static final VarHandle SHORT = byteBufferViewVarHandle(short[].class, LITTLE_ENDIAN);
  private static final VarHandle INT = byteBufferViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle LONG = byteBufferViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle FLOAT = byteBufferViewVarHandle(float[].class, LITTLE_ENDIAN);
  private static final VarHandle DOUBLE = byteBufferViewVarHandle(double[].class, LITTLE_ENDIAN);
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

  @Override
  public boolean shared() {
    return shared;
  }

  @Override
  public byte read(int addr) {
    try {
      return buffer.get(addr);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 1);
    }
  }

  @Override
  public short readShort(int addr) {
    try {
      return (short) SHORT.get(buffer, addr);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 2);
    }
  }

  @Override
  public long readU16(int addr) {
    return readShort(addr) & 0xffff;
  }

  @Override
  public int readInt(int addr) {
    try {
      return (int) INT.get(buffer, addr);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 4);
    }
  }

  @Override
  public long readLong(int addr) {
    try {
      return (long) LONG.get(buffer, addr);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 8);
    }
  }

  @Override
  public float readFloat(int addr) {
    try {
      return (float) FLOAT.get(buffer, addr);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 4);
    }
  }

  @Override
  public double readDouble(int addr) {
    try {
      return (double) DOUBLE.get(buffer, addr);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 8);
    }
  }

  @Override
  public long readF32(int addr) {
    return readInt(addr);
  }

  @Override
  public long readF64(int addr) {
    return readLong(addr);
  }

  @Override
  public void writeByte(int addr, byte data) {
    try {
      buffer.put(addr, data);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 1);
    }
  }

  @Override
  public void writeShort(int addr, short data) {
    try {
      SHORT.set(buffer, addr, data);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 2);
    }
  }

  @Override
  public void writeI32(int addr, int data) {
    try {
      INT.set(buffer, addr, data);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 4);
    }
  }

  @Override
  public void writeLong(int addr, long data) {
    try {
      LONG.set(buffer, addr, data);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 8);
    }
  }

  @Override
  public void writeF32(int addr, float data) {
    try {
      FLOAT.set(buffer, addr, data);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 4);
    }
  }

  @Override
  public void writeF64(int addr, double data) {
    try {
      DOUBLE.set(buffer, addr, data);
    } catch (IndexOutOfBoundsException e) {
      throw trap(addr, 8);
    }
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

  private WasmRuntimeException trap(int addr, int size) {
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
