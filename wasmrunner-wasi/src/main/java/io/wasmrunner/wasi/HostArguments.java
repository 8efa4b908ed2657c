package io.wasmrunner.wasi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.runtime.Instance;

/**
 * Where compiled code puts the arguments of a call into the host: in an array that the guest has
 * for each import, instead of a new one with every call. That is possible because no host function
 * calls the guest or keeps its arguments. Public for the generated code, and for nobody else.
 */
public final class HostArguments {
  private static final Pattern FUNCTION = Pattern.compile("func_(\\d+)");
  private static final String OWNER = Type.getInternalName(HostArguments.class);
  private static final String DESCRIPTOR =
      Type.getMethodDescriptor(
          Type.getType(long[].class), Type.INT_TYPE, Type.getType(Instance.class), Type.INT_TYPE);

  private HostArguments() {}

  /**
   * Called by generated code, which overwrites all of it.
   *
   * @param count number of arguments
   * @param instance of the guest that calls
   * @param function index of the import
   */
  public static long[] of(int count, Instance instance, int function) {
    return instance.imports().function(function).handle() instanceof HostCalls.Call call
        ? call.arguments()
        : new long[count];
  }

  /** Classes as the compiler made them, with calls of {@link #of} where arrays were made. */
  static Map<String, byte[]> in(Map<String, byte[]> classes, int imported) {
    Map<String, byte[]> changed = new LinkedHashMap<>(classes);
    changed.replaceAll((name, bytes) -> in(bytes, imported));
    return changed;
  }

  private static byte[] in(byte[] classFile, int imported) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    Changes changes = new Changes(writer, imported);
    reader.accept(changes, 0);
    return changes.any ? writer.toByteArray() : classFile;
  }

  private static final class Changes extends ClassVisitor {
    private final int imported;
    private boolean any;

    Changes(ClassVisitor next, int imported) {
      super(Opcodes.ASM9, next);
      this.imported = imported;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      Matcher matcher = FUNCTION.matcher(name);
      if (!matcher.matches() || Integer.parseInt(matcher.group(1)) >= imported) {
        return next;
      }
      any = true;
      return new Call(next, Integer.parseInt(matcher.group(1)), instance(descriptor));
    }

    /** The local variable of the last parameter, which is the instance. */
    private static int instance(String descriptor) {
      return (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 2;
    }
  }

  /** A function that does nothing but call an import. */
  private static final class Call extends MethodVisitor {
    private final int function;
    private final int instance;

    Call(MethodVisitor next, int function, int instance) {
      super(Opcodes.ASM9, next);
      this.function = function;
      this.instance = instance;
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY && operand == Opcodes.T_LONG) {
        super.visitVarInsn(Opcodes.ALOAD, instance);
        super.visitLdcInsn(function);
        super.visitMethodInsn(Opcodes.INVOKESTATIC, OWNER, "of", DESCRIPTOR, false);
      } else {
        super.visitIntInsn(opcode, operand);
      }
    }
  }
}
