package io.wasmrunner.wasi;

import java.util.List;

/**
 * What of a module's compiled code HotSpot would leave to its interpreter, as {@link JitLinter}
 * found it. Kept with the code.
 *
 * @param huge the largest functions above {@link #HUGE_METHOD_BYTECODES}, largest first
 * @param hugeCount number of all such functions
 * @param stuckLoops functions that never return and have loops that cannot be compiled while they
 *     run, with the number of those loops
 */
record JitLint(List<Counted> huge, int hugeCount, List<Counted> stuckLoops) {
  /** HotSpot's HugeMethodLimit. */
  static final int HUGE_METHOD_BYTECODES = 8000;

  /** How many are kept by name. */
  static final int MOST = 16;

  static final JitLint NONE = new JitLint(List.of(), 0, List.of());

  /** A function and how many bytecodes or loops. */
  record Counted(int function, int count) {}
}
