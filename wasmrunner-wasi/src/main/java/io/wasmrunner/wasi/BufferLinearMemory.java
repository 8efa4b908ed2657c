package io.wasmrunner.wasi;

import static java.lang.invoke.MethodHandles.byteBufferViewVarHandle;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/** Memory through its buffer: works in every JVM. */
final class BufferLinearMemory extends LinearMemory {
  private static final VarHandle SHORT = byteBufferViewVarHandle(short[].class, LITTLE_ENDIAN);
  private static final VarHandle INT = byteBufferViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle LONG = byteBufferViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle FLOAT = byteBufferViewVarHandle(float[].class, LITTLE_ENDIAN);
  private static final VarHandle DOUBLE = byteBufferViewVarHandle(double[].class, LITTLE_ENDIAN);

  BufferLinearMemory(
      int initialPages,
      int maximumPages,
      boolean shared,
      MemoryBudget budget,
      LongSupplier hostCalls) {
    super(initialPages, maximumPages, shared, budget, hostCalls);
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
}
