package io.wasmrunner.wasi;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.MemorySection;

/** What a parsed module has to be beyond well-formed. */
final class ModuleCheck {
  static final String MALFORMED = "WR-6005";
  static final String NO_START = "WR-6007";
  static final String UNSUPPORTED = "WR-6012";

  static final String START = "_start";

  private static final int SIMD_PREFIX = 0xfd;

  private final Path file;
  private final WasmModule wasm;

  private ModuleCheck(Path file, WasmModule wasm) {
    this.file = file;
    this.wasm = wasm;
  }

  static void require(Path file, WasmModule wasm) {
    ModuleCheck check = new ModuleCheck(file, wasm);
    check.bodies();
    check.memory();
    check.types();
    check.instructions();
    check.start();
  }

  static ModuleException malformed(Path file, String why, @Nullable Throwable cause) {
    return new ModuleException(
        MALFORMED,
        file + " is damaged: " + why + ".",
        "Build or copy it again; compare its size and digest with the original's.",
        cause);
  }

  static ModuleException collectedTypes(Path file) {
    return unsupported(
        file, "garbage-collected types", "Compile for linear memory (wasm32-wasip1).");
  }

  static ModuleException tooManyLocals(Path file) {
    return unsupported(
        file,
        "more than " + ModuleCounts.MAX_LOCALS + " local variables in a function",
        "Build it with optimisation, or split the function.");
  }

  /** The parser does not miss a code section that was cut off whole. */
  private void bodies() {
    int declared = wasm.functionSection().functionCount();
    int bodies = wasm.codeSection().functionBodies().length;
    if (declared != bodies) {
      throw malformed(file, "it declares " + declared + " functions and has " + bodies, null);
    }
  }

  /** The rest of what a guest allocates is on the Java heap, which all guests share. */
  private void memory() {
    if (wasm.memorySection().map(MemorySection::memoryCount).orElse(0) > 1) {
      throw unsupported("several memories", "Build it with one memory.");
    }
    if (!GuestTables.fit(wasm)) {
      throw unsupported(
          "more than %d tables, or one of more than %d entries"
              .formatted(GuestTables.MAX_TABLES, GuestTables.MAX_ENTRIES),
          "Build it with smaller tables.");
    }
  }

  private void types() {
    for (int i = 0; i < wasm.typeSection().subTypeCount(); i++) {
      if (wasm.typeSection().getSubType(i).compType().funcType() == null) {
        throw collectedTypes(file);
      }
    }
  }

  private void instructions() {
    for (FunctionBody body : wasm.codeSection().functionBodies()) {
      for (AnnotatedInstruction instruction : body.instructions()) {
        int code = instruction.opcode().opcode();
        if (code >>> 8 == SIMD_PREFIX || code >>> 12 == SIMD_PREFIX) {
          throw unsupported(
              "vector instructions (" + instruction.opcode() + ")",
              "Build it without them (Rust: -C target-feature=-simd128; C: no -msimd128).");
        }
      }
    }
  }

  /** Index of the entry function, or -1 without one. */
  static int start(WasmModule wasm) {
    var exports = wasm.exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      var export = exports.getExport(i);
      if (export.name().equals(START) && export.exportType() == ExternalType.FUNCTION) {
        int own = export.index() - wasm.importSection().count(ExternalType.FUNCTION);
        int type = own < 0 ? -1 : wasm.functionSection().getFunctionType(own);
        if (type >= 0 && ImportCheck.signature(wasm.typeSection().getType(type)).equals(":")) {
          return export.index();
        }
      }
    }
    return -1;
  }

  private void start() {
    if (start(wasm) >= 0) {
      return;
    }
    throw new ModuleException(
        NO_START,
        file + " is a library: it exports no function " + START + " without parameters.",
        "Build a program with a main function (Rust: a binary crate, not cdylib; C: without"
            + " -mexec-model=reactor).");
  }

  private ModuleException unsupported(String feature, String fix) {
    return unsupported(file, feature, fix);
  }

  private static ModuleException unsupported(Path file, String feature, String fix) {
    return new ModuleException(
        UNSUPPORTED, file + " has " + feature + ", which this engine does not support.", fix);
  }
}
