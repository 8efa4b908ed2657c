package io.wasmrunner.wasi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A zeroed block of memory outside of the Java heap, little endian. It is a plain direct buffer,
 * because buffers over {@code java.lang.foreign} cost a guest up to twice the time per access. Up
 * to JDK 23 a closed block goes back to the system at once; later JDKs warn about the only call
 * that does this, so there it waits for the next guest in {@link BlockPool}, or for the collector.
 */
final class OffHeap implements AutoCloseable {
  private static final int FIRST_JDK_THAT_WARNS = 24;
  private static final @Nullable MethodHandle FREE =
      Runtime.version().feature() < FIRST_JDK_THAT_WARNS ? free() : null;
  private static final BlockPool POOL = new BlockPool();

  private final ByteBuffer block;
  private final ByteBuffer buffer;

  private OffHeap(ByteBuffer block, int bytes) {
    this.block = block;
    this.buffer = block.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Throws OutOfMemoryError when the JVM's limit of direct memory does not allow it. */
  static OffHeap allocate(int bytes) {
    ByteBuffer reused = FREE == null ? POOL.take(bytes) : null;
    if (reused != null) {
      return new OffHeap(reused, bytes);
    }
    try {
      return new OffHeap(ByteBuffer.allocateDirect(bytes), bytes);
    } catch (OutOfMemoryError e) {
      if (!POOL.clear()) {
        throw e;
      }
      return new OffHeap(ByteBuffer.allocateDirect(bytes), bytes);
    }
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /** Gives the block away; no thread may use it, or a view of it, from now on. */
  @Override
  public void close() {
    if (FREE == null) {
      POOL.give(block);
    } else if (block.capacity() > 0) {
      try {
        FREE.invokeExact(block);
      } catch (Throwable e) {
        throw new IllegalStateException("Direct memory could not be freed", e);
      }
    }
  }

  private static @Nullable MethodHandle free() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      var field = unsafe.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
