package io.wasmrunner.wasi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of memory by address, unchecked, without the checks of a buffer: those are worth
 * hundreds of nodes per large function to the JIT compiler, which then takes minutes over it or
 * gives it up.
 *
 * <p>They are the JVM's own, and there where this process was started with {@code
 * --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED}, which the launcher's jar carries in its
 * manifest. Up to JDK 23 they are there without it.
 */
final class RawAccess {
  private static final int FIRST_JDK_THAT_WARNS = 24;
  private static final @Nullable RawAccess FOUND = find();

  /** Whether this process has them, on a processor that is little endian as guests are. */
  static final boolean AVAILABLE =
      FOUND != null && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  // Constants, so that a call becomes the instruction itself.
  static final MethodHandle GET_BYTE = getter(byte.class, "getByte");
  static final MethodHandle GET_SHORT = getter(short.class, "getShort");
  static final MethodHandle GET_INT = getter(int.class, "getInt");
  static final MethodHandle GET_LONG = getter(long.class, "getLong");
  static final MethodHandle PUT_BYTE = setter(byte.class, "putByte");
  static final MethodHandle PUT_SHORT = setter(short.class, "putShort");
  static final MethodHandle PUT_INT = setter(int.class, "putInt");
  static final MethodHandle PUT_LONG = setter(long.class, "putLong");

  private final Object unsafe;
  private final long addressField;

  private RawAccess(Object unsafe, long addressField) {
    this.unsafe = unsafe;
    this.addressField = addressField;
  }

  /** Where a direct buffer lies. */
  static long address(ByteBuffer buffer) {
    RawAccess found = FOUND;
    if (found == null || !buffer.isDirect()) {
      throw new IllegalStateException("no address");
    }
    try {
      return (long)
          method(
                  found.unsafe,
                  "getLong",
                  MethodType.methodType(long.class, Object.class, long.class))
              .invoke(buffer, found.addressField);
    } catch (Throwable e) {
      throw new IllegalStateException("A direct buffer has no address", e);
    }
  }

  /** What an access threw, which it only does when the JVM itself is in trouble. */
  static Error failed(Throwable e) {
    return e instanceof Error error ? error : new AssertionError("memory access", e);
  }

  private static @Nullable RawAccess find() {
    RawAccess internal = find("jdk.internal.misc.Unsafe");
    return internal != null || Runtime.version().feature() >= FIRST_JDK_THAT_WARNS
        ? internal
        : find("sun.misc.Unsafe");
  }

  private static @Nullable RawAccess find(String name) {
    try {
      Class<?> type = Class.forName(name);
      Object unsafe;
      if (name.startsWith("jdk.")) {
        unsafe = type.getMethod("getUnsafe").invoke(null);
      } else {
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        unsafe = field.get(null);
      }
      Field address = Buffer.class.getDeclaredField("address");
      long offset =
          (long)
              method(unsafe, "objectFieldOffset", MethodType.methodType(long.class, Field.class))
                  .invoke(address);
      return new RawAccess(unsafe, offset);
    } catch (Throwable e) { // no such class, or not exported to us
      return null;
    }
  }

  private static MethodHandle getter(Class<?> type, String name) {
    return handle(name, MethodType.methodType(type, long.class));
  }

  private static MethodHandle setter(Class<?> type, String name) {
    return handle(name, MethodType.methodType(void.class, long.class, type));
  }

  private static MethodHandle handle(String name, MethodType type) {
    try {
      return FOUND == null ? MethodHandles.empty(type) : method(FOUND.unsafe, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle method(Object unsafe, String name, MethodType type)
      throws ReflectiveOperationException {
    return MethodHandles.lookup().findVirtual(unsafe.getClass(), name, type).bindTo(unsafe);
  }
}
