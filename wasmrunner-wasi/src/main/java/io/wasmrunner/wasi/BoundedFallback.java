package io.wasmrunner.wasi;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.runtime.StackFrame;
import run.endive.runtime.internal.CompilerInterpreterMachine;
import run.endive.wasm.types.FunctionType;

/**
 * The interpreter that compiled code uses for functions too large for a JVM method, with the same
 * bound as {@link GuestInterpreter}. Public for the generated code, and for nobody else.
 */
public final class BoundedFallback extends CompilerInterpreterMachine {
  private final InterpretedFrames frames;

  /** Called by generated code. */
  public BoundedFallback(Instance instance, int[] interpreted) {
    super(instance, interpreted);
    this.frames = new InterpretedFrames(instance);
  }

  /** The class that the compiler made, using this interpreter. */
  static byte[] in(byte[] mainClass) {
    ClassReader reader = new ClassReader(mainClass);
    ClassWriter writer = new ClassWriter(0);
    SimpleRemapper ours =
        new SimpleRemapper(
            Opcodes.ASM9,
            Type.getInternalName(CompilerInterpreterMachine.class),
            Type.getInternalName(BoundedFallback.class));
    reader.accept(new ClassRemapper(writer, ours), 0);
    return writer.toByteArray();
  }

  @Override
  protected long @Nullable [] call(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] args,
      Object @Nullable [] refArgs,
      @Nullable FunctionType type,
      boolean popResults) {
    int cost = frames.enter(function, stack);
    try {
      return super.call(stack, instance, callStack, function, args, refArgs, type, popResults);
    } finally {
      frames.leave(cost);
    }
  }
}
