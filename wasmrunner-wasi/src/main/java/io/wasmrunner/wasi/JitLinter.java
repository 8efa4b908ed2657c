package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Finds JIT cliffs in class files. A method of more than 8000 bytecodes is never compiled by
 * default. A function that never returns, such as the main loop of a server, can only be compiled
 * while it runs, and HotSpot refuses that for a loop that begins with values on the operand stack.
 * Functions taken to never return: the entry, and what is called from one place only, in a function
 * that never returns.
 */
final class JitLinter {
  private static final Pattern FUNCTION = Pattern.compile("func_(\\d+)");

  /** Bytecodes by function. */
  private final Map<Integer, Integer> sizes = new HashMap<>();

  /** Loops that cannot be compiled while they run, by function. */
  private final Map<Integer, Integer> stuck = new HashMap<>();

  private final Map<Integer, List<Integer>> calls = new HashMap<>();
  private final Map<Integer, Integer> callSites = new HashMap<>();

  private JitLinter() {}

  /**
   * Looks at all classes of a module.
   *
   * @param start index of the entry function
   */
  static JitLint of(Map<String, byte[]> classes, int start) {
    JitLinter linter = new JitLinter();
    classes.values().forEach(linter::read);
    List<JitLint.Counted> huge =
        largest(linter.sizes, size -> size > JitLint.HUGE_METHOD_BYTECODES);
    Map<Integer, Integer> endless = new HashMap<>(linter.stuck);
    endless.keySet().retainAll(linter.endless(start));
    return new JitLint(
        huge.stream().limit(JitLint.MOST).toList(),
        huge.size(),
        largest(endless, count -> true).stream().limit(JitLint.MOST).toList());
  }

  private static List<JitLint.Counted> largest(
      Map<Integer, Integer> counts, java.util.function.IntPredicate wanted) {
    return counts.entrySet().stream()
        .filter(entry -> wanted.test(entry.getValue()))
        .map(entry -> new JitLint.Counted(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingInt(JitLint.Counted::count)
                .reversed()
                .thenComparingInt(JitLint.Counted::function))
        .toList();
  }

  private Set<Integer> endless(int start) {
    Set<Integer> endless = new HashSet<>();
    List<Integer> left = new ArrayList<>(List.of(start));
    while (!left.isEmpty()) {
      int function = left.remove(left.size() - 1);
      if (endless.add(function)) {
        calls.getOrDefault(function, List.of()).stream()
            .filter(called -> callSites.getOrDefault(called, 0) == 1)
            .forEach(left::add);
      }
    }
    return endless;
  }

  private void read(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    readSizes(reader);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            int function = function(name);
            return function < 0 ? null : new LoopVisitor(function);
          }
        },
        ClassReader.SKIP_DEBUG);
  }

  private static int function(String method) {
    Matcher matcher = FUNCTION.matcher(method);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  /** Lengths of the Code attributes, which no visitor tells. */
  private void readSizes(ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    int at = reader.header + 8 + 2 * reader.readUnsignedShort(reader.header + 6);
    for (int members = 0; members < 2; members++) { // fields, then methods
      int count = reader.readUnsignedShort(at);
      at += 2;
      for (int i = 0; i < count; i++) {
        int function = function(reader.readUTF8(at + 2, buffer));
        int attributes = reader.readUnsignedShort(at + 6);
        at += 8;
        for (int j = 0; j < attributes; j++) {
          if (function >= 0 && reader.readUTF8(at, buffer).equals("Code")) {
            sizes.put(function, reader.readInt(at + 10));
          }
          at += 6 + reader.readInt(at + 2);
        }
      }
    }
  }

  /** Finds jumps back to a place where the operand stack is not empty, and calls. */
  private final class LoopVisitor extends MethodVisitor {
    private final int function;
    private final Map<Label, Boolean> stacked = new HashMap<>();
    private final Set<Label> loops = new HashSet<>();
    private Label last = new Label();

    LoopVisitor(int function) {
      super(Opcodes.ASM9);
      this.function = function;
    }

    @Override
    public void visitLabel(Label label) {
      last = label;
      stacked.put(label, false);
    }

    @Override
    public void visitFrame(int type, int locals, Object[] local, int depth, Object[] stack) {
      stacked.put(last, type == Opcodes.F_SAME1 || (type == Opcodes.F_FULL && depth > 0));
    }

    @Override
    public void visitJumpInsn(int opcode, Label target) {
      jump(target);
    }

    @Override
    public void visitTableSwitchInsn(int low, int high, Label fallback, Label... labels) {
      visitLookupSwitchInsn(fallback, new int[0], labels);
    }

    @Override
    public void visitLookupSwitchInsn(Label fallback, int[] keys, Label[] labels) {
      jump(fallback);
      for (Label label : labels) {
        jump(label);
      }
    }

    private void jump(Label target) {
      if (stacked.getOrDefault(target, false)) { // known already, so it lies behind
        loops.add(target);
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      int called = function(name);
      if (called >= 0) {
        calls.computeIfAbsent(function, any -> new ArrayList<>()).add(called);
        callSites.merge(called, 1, Integer::sum);
      }
    }

    @Override
    public void visitEnd() {
      if (!loops.isEmpty()) {
        stuck.put(function, loops.size());
      }
    }
  }
}
