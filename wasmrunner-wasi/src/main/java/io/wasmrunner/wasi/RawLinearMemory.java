package io.wasmrunner.wasi;

import java.util.function.LongSupplier;

/** Memory by {@link RawAccess}: one comparison, then the access itself. */
final class RawLinearMemory extends LinearMemory {
  private long base;

  // First address at which so many bytes do not fit any more; unsigned comparison, so never
  // negative.
  private int end1;
  private int end2;
  private int end4;
  private int end8;

  RawLinearMemory(
      int initialPages,
      int maximumPages,
      boolean shared,
      MemoryBudget budget,
      LongSupplier hostCalls) {
    super(initialPages, maximumPages, shared, budget, hostCalls);
    resized();
  }

  @Override
  void resized() {
    int limit = buffer.limit();
    base = RawAccess.address(buffer);
    end1 = limit;
    end2 = Math.max(0, limit - 1);
    end4 = Math.max(0, limit - 3);
    end8 = Math.max(0, limit - 7);
  }

  @Override
  public byte read(int addr) {
    if (Integer.compareUnsigned(addr, end1) >= 0) {
      throw trap(addr, 1);
    }
    try {
      return (byte) RawAccess.GET_BYTE.invokeExact(base + addr);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public short readShort(int addr) {
    if (Integer.compareUnsigned(addr, end2) >= 0) {
      throw trap(addr, 2);
    }
    try {
      return (short) RawAccess.GET_SHORT.invokeExact(base + addr);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public int readInt(int addr) {
    if (Integer.compareUnsigned(addr, end4) >= 0) {
      throw trap(addr, 4);
    }
    try {
      return (int) RawAccess.GET_INT.invokeExact(base + addr);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public long readLong(int addr) {
    if (Integer.compareUnsigned(addr, end8) >= 0) {
      throw trap(addr, 8);
    }
    try {
      return (long) RawAccess.GET_LONG.invokeExact(base + addr);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public void writeByte(int addr, byte data) {
    if (Integer.compareUnsigned(addr, end1) >= 0) {
      throw trap(addr, 1);
    }
    try {
      RawAccess.PUT_BYTE.invokeExact(base + addr, data);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public void writeShort(int addr, short data) {
    if (Integer.compareUnsigned(addr, end2) >= 0) {
      throw trap(addr, 2);
    }
    try {
      RawAccess.PUT_SHORT.invokeExact(base + addr, data);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public void writeI32(int addr, int data) {
    if (Integer.compareUnsigned(addr, end4) >= 0) {
      throw trap(addr, 4);
    }
    try {
      RawAccess.PUT_INT.invokeExact(base + addr, data);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public void writeLong(int addr, long data) {
    if (Integer.compareUnsigned(addr, end8) >= 0) {
      throw trap(addr, 8);
    }
    try {
      RawAccess.PUT_LONG.invokeExact(base + addr, data);
    } catch (Throwable e) {
      throw RawAccess.failed(e);
    }
  }

  @Override
  public float readFloat(int addr) {
    return Float.intBitsToFloat(readInt(addr));
  }

  @Override
  public double readDouble(int addr) {
    return Double.longBitsToDouble(readLong(addr));
  }

  @Override
  public void writeF32(int addr, float data) {
    writeI32(addr, Float.floatToRawIntBits(data));
  }

  @Override
  public void writeF64(int addr, double data) {
    writeLong(addr, Double.doubleToRawLongBits(data));
  }
}
