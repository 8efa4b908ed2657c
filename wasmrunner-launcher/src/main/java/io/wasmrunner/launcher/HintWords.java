package io.wasmrunner.launcher;

import io.wasmrunner.model.ModuleHint;

/** What a hint means and what to do about it, after its number. */
final class HintWords {
  private HintWords() {}

  static String of(ModuleHint hint) {
    return switch (hint.kind()) {
      case "interpreted_functions" ->
          "functions are too large for a JVM method (64 KB) and always interpreted, 25 to 60 times"
              + " slower: split them, or build with less inlining (opt-level, no wasm-opt)";
      case "huge_functions" ->
          "functions are larger than the JIT compiles by default (8000 bytecodes): start the JVM"
              + " with -XX:-DontCompileHugeMethods, as scripts/wasmrunner does; on Linux with Java"
              + " 22 or newer a start adds it by itself (sizes in bytecodes)";
      case "huge_functions_compiled" ->
          "functions are larger than the JIT compiles by default (8000 bytecodes), and are compiled"
              + " because this JVM has -XX:-DontCompileHugeMethods (sizes in bytecodes)";
      case "stuck_loops" ->
          "loops in functions that never return begin with values on the operand stack, so the JIT"
              + " cannot compile them while they run: do not inline the program into main (no -O at"
              + " link time where binaryen is installed, no wasm-opt; else wasm-opt --flatten)";
      case "custom_sections" ->
          "bytes of the file are custom sections: strip them to read less at each load";
      default -> hint.kind();
    };
  }
}
