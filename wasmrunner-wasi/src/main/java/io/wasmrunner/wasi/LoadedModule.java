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
import run.endive.wasm.types.MemoryLimits;

/** A module of this engine. */
final class LoadedModule implements Module {
  /**
   * What a guest that starts now is made of.
   *
   * @param wasm the parsed module; with compiled code it has no more than what that leaves to it
   * @param machines compiled code, or null for the interpreter
   * @param interpreted functions that the compiled code leaves to the interpreter
   * @param findings what costs speed
   */
  record Code(
      CodeState state,
      WasmModule wasm,
      @Nullable Function<Instance, Machine> machines,
      List<String> interpreted,
      List<Finding> findings) {

    Function<Instance, Machine> machinesOr(Function<Instance, Machine> interpreter) {
      return machines == null ? interpreter : machines;
    }
  }

  private final String file;
  private final String digest;
  private final long sizeBytes;
  private final FunctionNames names;
  private final MemoryLimits limits;
  private final List<CustomSection> sections;
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
    this.sections = content.sections();
    this.imports = imports;
    this.resolver = resolver;
    this.code = new Code(CodeState.COMPILING, wasm, null, List.of(), List.of());
  }

  /** Parses the whole module, to be compiled or interpreted. */
  static LoadedModule parse(Path file, ModuleFile content, Executor resolver) {
    return parse(file, content, content.code(), resolver);
  }

  /** Parses what compiled code needs, which proves by its key that the module was whole. */
  static LoadedModule restore(Path file, ModuleFile content, JvmCode code, Executor resolver) {
    LoadedModule module = parse(file, content, code.shell(content.code()), resolver);
    module.compiled(code, content, module.code.wasm());
    return module;
  }

  private static LoadedModule parse(Path file, ModuleFile content, byte[] code, Executor resolver) {
    WasmModule wasm;
    List<ImportCheck.Linked> imports;
    try {
      ModuleCounts.require(file, code);
      wasm = Parser.parse(code);
      ModuleCheck.require(file, wasm);
      imports = ImportCheck.link(file.toString(), wasm);
    } catch (ModuleException e) {
      throw e;
    } catch (RuntimeException e) { // the parser has many ways to fail
      throw ModuleCheck.malformed(file, String.valueOf(e.getMessage()), e);
    } catch (AssertionError e) { // the same fault, where the JVM checks assertions
      throw ModuleCheck.malformed(file, "its code contradicts itself", e);
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw ModuleCheck.malformed(file, "its blocks or sections are too large", e);
    }
    return new LoadedModule(file, content, wasm, imports, resolver);
  }

  /** It stays interpreted. */
  void finish(CodeState state) {
    code = new Code(state, code.wasm(), null, List.of(), List.of());
    compiled.complete(state);
  }

  /** It is compiled: what was parsed of the functions, some ten times the file, is let go. */
  void finish(JvmCode jvmCode, ModuleFile content) {
    compiled(jvmCode, content, Parser.parse(jvmCode.shell(content.code())));
  }

  private void compiled(JvmCode jvmCode, ModuleFile content, WasmModule shell) {
    List<String> interpreted = jvmCode.interpreted().stream().map(names::name).toList();
    List<Finding> findings = Findings.of(jvmCode, content);
    code = new Code(CodeState.COMPILED, shell, jvmCode.define(), interpreted, findings);
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

  @Override
  public List<CustomSection> customSections() {
    return sections;
  }

  @Override
  public List<Finding> findings() {
    return code.findings();
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
