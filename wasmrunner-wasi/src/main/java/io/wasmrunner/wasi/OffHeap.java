package io.wasmrunner.wasi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Zeroed memory outside of the Java heap that can be given back at once. */
final class OffHeap {
  private static final @Nullable MethodHandle CLEANER = cleaner();

  private OffHeap() {}

  /** Throws OutOfMemoryError when the JVM's limit of direct memory does not allow it. */
  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }

  /** Frees what {@link #allocate} gave; no thread may use it, or a view of it, from now on. */
  static void free(ByteBuffer buffer) {
    if (CLEANER == null) {
      return; // the collector does it
    }
    try {
      CLEANER.invokeExact(buffer);
    } catch (Throwable e) {
      throw new IllegalStateException("Direct memory could not be freed", e);
    }
  }

  private static @Nullable MethodHandle cleaner() {
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
