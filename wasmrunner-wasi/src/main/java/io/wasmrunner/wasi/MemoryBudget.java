package io.wasmrunner.wasi;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of linear memory that all guests together may hold. A guest reserves what it really
 * allocates and gives it back when it ends. Thread-safe.
 */
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();

  /** A budget of {@code limitBytes} bytes. */
  public MemoryBudget(long limitBytes) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("limitBytes is negative: " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /** A budget that never refuses. */
  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  /** Takes {@code bytes} when they are there; false changes nothing. */
  public boolean tryReserve(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is negative: " + bytes);
    }
    while (true) {
      long now = used.get();
      if (bytes > limitBytes - now) {
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  /** Gives back what {@link #tryReserve} took. */
  public void release(long bytes) {
    if (bytes < 0 || used.addAndGet(-bytes) < 0) {
      throw new IllegalStateException("Released more than was reserved: " + bytes);
    }
  }

  /** Bytes reserved now. */
  public long used() {
    return used.get();
  }

  /** Bytes that can be reserved in all. */
  public long limit() {
    return limitBytes;
  }
}
