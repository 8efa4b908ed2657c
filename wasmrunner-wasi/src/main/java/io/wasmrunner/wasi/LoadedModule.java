package io.wasmrunner.wasi;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.MemorySection;

/** A module of this engine. */
final class LoadedModule implements Module {
  static final String MALFORMED = "WR-6005";
  static final String NO_START = "WR-6007";

  static final String START = "_start";

  /**
   * What a guest that starts now is made of.
   *
   * @param wasm the parsed module; with compiled code it has no more than what that leaves to it
   * @param machines compiled code, or null for the interpreter
   * @param interpreted functions that the compiled code leaves to the interpreter
   */
  record Code(
      CodeState state,
      WasmModule wasm,
      @Nullable Function<Instance, Machine> machines,
      List<String> interpreted) {}

  private final String file;
  private final String digest;
  private final long sizeBytes;
  private final FunctionNames names;
  private final MemoryLimits limits;
  private final List<ImportCheck.Linked> imports;
  private final Executor resolver;
  private final CompletableFuture<CodeState> compiled = new CompletableFuture<>();
  private volatile Code code;

  private LoadedModule(
      Path file,
      ModuleFile content,
      WasmModule wasm,
      List<ImportCheck.Linked> imports,
      Executor resolver) {
    this.file = file.toString();
    this.digest = content.digest();
    this.sizeBytes = content.size();
    this.names = content.names();
    this.limits =
        wasm.memorySection()
            .filter(section -> section.memoryCount() > 0)
            .map(section -> section.getMemory(0).limits())
            .orElseGet(() -> new MemoryLimits(0, 0));
    this.imports = imports;
    this.resolver = resolver;
    this.code = new Code(CodeState.COMPILING, wasm, null, List.of());
  }

  /** Parses the whole module, to be compiled or interpreted. */
  static LoadedModule parse(Path file, ModuleFile content, Executor resolver) {
    return parse(file, content, content.code(), resolver);
  }

  /** Parses what compiled code needs, which proves by its key that the module was whole. */
  static LoadedModule restore(Path file, ModuleFile content, JvmCode code, Executor resolver) {
    LoadedModule module = parse(file, content, code.shell(content.code()), resolver);
    module.compiled(code, module.code.wasm());
    return module;
  }

  private static LoadedModule parse(Path file, ModuleFile content, byte[] code, Executor resolver) {
    WasmModule wasm;
    List<ImportCheck.Linked> imports;
    try {
      wasm = Parser.parse(code);
      requireBodies(file, wasm);
      requireBounded(file, wasm);
      imports = ImportCheck.link(file.toString(), wasm);
      requireStart(file, wasm);
    } catch (ModuleException e) {
      throw e;
    } catch (RuntimeException e) { // the parser has many ways to fail
      throw malformed(file, String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw malformed(file, "its blocks or sections are too large", e);
    }
    return new LoadedModule(file, content, wasm, imports, resolver);
  }

  /** The parser does not miss a code section that was cut off whole. */
  private static void requireBodies(Path file, WasmModule wasm) {
    int declared = wasm.functionSection().functionCount();
    int bodies = wasm.codeSection().functionBodies().length;
    if (declared != bodies) {
      throw malformed(file, "it declares " + declared + " functions and has " + bodies, null);
    }
  }

  /** What a guest could fill the Java heap with, which all share, is refused. */
  private static void requireBounded(Path file, WasmModule wasm) {
    if (wasm.memorySection().map(MemorySection::memoryCount).orElse(0) > 1) {
      throw malformed(file, "it has more than one memory", null);
    }
    if (!GuestTables.fit(wasm)) {
      throw malformed(
          file,
          "it has more than %d tables, or one of more than %d entries"
              .formatted(GuestTables.MAX_TABLES, GuestTables.MAX_ENTRIES),
          null);
    }
    for (int i = 0; i < wasm.typeSection().subTypeCount(); i++) {
      if (wasm.typeSection().getSubType(i).compType().funcType() == null) {
        throw malformed(file, "it has garbage-collected types", null);
      }
    }
  }

  private static ModuleException malformed(Path file, String why, @Nullable Throwable cause) {
    return new ModuleException(
        MALFORMED,
        file
            + " is damaged, or uses a WebAssembly feature that this engine does not have: "
            + why
            + ".",
        "Build or copy it again; compare its size and digest with the original's.",
        cause);
  }

  private static void requireStart(Path file, WasmModule wasm) {
    var exports = wasm.exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      var export = exports.getExport(i);
      if (export.name().equals(START) && export.exportType() == ExternalType.FUNCTION) {
        int imported = wasm.importSection().count(ExternalType.FUNCTION);
        int type =
            export.index() < imported
                ? -1
                : wasm.functionSection().getFunctionType(export.index() - imported);
        if (type >= 0 && ImportCheck.signature(wasm.typeSection().getType(type)).equals(":")) {
          return;
        }
      }
    }
    throw new ModuleException(
        NO_START,
        file + " is a library: it exports no function " + START + " without parameters.",
        "Build a program with a main function (Rust: a binary crate, not cdylib; C: without"
            + " -mexec-model=reactor).");
  }

  /** It stays interpreted. */
  void finish(CodeState state) {
    code = new Code(state, code.wasm(), null, List.of());
    compiled.complete(state);
  }

  /** It is compiled: what was parsed of the functions, some ten times the file, is let go. */
  void finish(JvmCode jvmCode, ModuleFile content) {
    compiled(jvmCode, Parser.parse(jvmCode.shell(content.code())));
  }

  private void compiled(JvmCode jvmCode, WasmModule shell) {
    List<String> interpreted = jvmCode.interpreted().stream().map(names::name).toList();
    code = new Code(CodeState.COMPILED, shell, jvmCode.define(), interpreted);
    compiled.complete(CodeState.COMPILED);
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int initialPages() {
    return limits.initialPages();
  }

  @Override
  public OptionalInt maximumPages() {
    return limits.maximumPages() == MemoryLimits.MAX_PAGES
        ? OptionalInt.empty()
        : OptionalInt.of(limits.maximumPages());
  }

  @Override
  public List<ModuleImport> imports() {
    return imports.stream().map(ImportCheck.Linked::shown).toList();
  }

  @Override
  public CodeState codeState() {
    return code.state();
  }

  @Override
  public CompletionStage<CodeState> compiled() {
    return compiled.minimalCompletionStage();
  }

  @Override
  public List<String> interpretedFunctions() {
    return code.interpreted();
  }

  /** For one guest: its parts belong together, and the compiler may replace them. */
  Code code() {
    return code;
  }

  boolean sharedMemory() {
    return limits.shared();
  }

  List<ImportCheck.Linked> linked() {
    return imports;
  }

  FunctionNames names() {
    return names;
  }

  Executor resolver() {
    return resolver;
  }

  /** The file it was first loaded from, for messages. */
  String file() {
    return file;
  }
}
