package io.wasmrunner.launcher;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The system call that puts another program in the place of this process: same process id, streams,
 * environment and working folder. Reached through the foreign function API, which is final from
 * Java 22 on, by reflection, because the sources are for Java 17.
 */
final class Execv {
  static final int SINCE_JAVA = 22;

  private static final int POINTER_BYTES = Long.BYTES;
  private static final String FOREIGN = "java.lang.foreign.";

  private Execv() {}

  /**
   * Replaces the process; returns only by failing.
   *
   * @param program path of the program
   * @param arguments its arguments as bytes, with the name of the program first
   */
  static void run(String program, List<byte[]> arguments) throws IOException {
    try {
      call(program.getBytes(StandardCharsets.UTF_8), arguments);
    } catch (InvocationTargetException e) {
      throw new IOException("the system call cannot be made: " + e.getCause(), e);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IOException("the system call cannot be made: " + e, e);
    }
    throw new IOException("the system refused to run " + program);
  }

  private static void call(byte[] program, List<byte[]> arguments)
      throws ReflectiveOperationException {
    // One block: the pointers with a null at their end, the arguments, the path.
    int pointers = (arguments.size() + 1) * POINTER_BYTES;
    int size = pointers + program.length + 1;
    for (byte[] argument : arguments) {
      size += argument.length + 1;
    }
    Object block = allocate(size);
    long address = (long) type("MemorySegment").getMethod("address").invoke(block);
    ByteBuffer bytes = (ByteBuffer) type("MemorySegment").getMethod("asByteBuffer").invoke(block);
    bytes.order(ByteOrder.nativeOrder()).position(pointers);
    for (int i = 0; i < arguments.size(); i++) {
      bytes.putLong(i * POINTER_BYTES, address + bytes.position());
      bytes.put(arguments.get(i)).put((byte) 0);
    }
    bytes.putLong(arguments.size() * POINTER_BYTES, 0);
    long path = address + bytes.position();
    bytes.put(program).put((byte) 0);
    try {
      execv().invokeWithArguments(pointer(path), pointer(address));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle execv() throws ReflectiveOperationException {
    Object linker = type("Linker").getMethod("nativeLinker").invoke(null);
    Object lookup = type("Linker").getMethod("defaultLookup").invoke(linker);
    Object symbol =
        ((Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(lookup, "execv"))
            .orElseThrow();
    Object pointer = type("ValueLayout").getField("ADDRESS").get(null);
    Object pair = Array.newInstance(type("MemoryLayout"), 2);
    Array.set(pair, 0, pointer);
    Array.set(pair, 1, pointer);
    Object signature =
        type("FunctionDescriptor")
            .getMethod("of", type("MemoryLayout"), pair.getClass())
            .invoke(null, type("ValueLayout").getField("JAVA_INT").get(null), pair);
    Object noOptions = Array.newInstance(type("Linker$Option"), 0);
    return (MethodHandle)
        type("Linker")
            .getMethod(
                "downcallHandle",
                type("MemorySegment"),
                type("FunctionDescriptor"),
                noOptions.getClass())
            .invoke(linker, symbol, signature, noOptions);
  }

  private static Object allocate(int bytes) throws ReflectiveOperationException {
    Object forGood = type("Arena").getMethod("global").invoke(null);
    return type("Arena")
        .getMethod("allocate", long.class, long.class)
        .invoke(forGood, (long) bytes, (long) POINTER_BYTES);
  }

  private static Object pointer(long address) throws ReflectiveOperationException {
    return type("MemorySegment").getMethod("ofAddress", long.class).invoke(null, address);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(FOREIGN + name);
  }
}
