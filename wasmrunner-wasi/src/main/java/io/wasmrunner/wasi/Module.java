package io.wasmrunner.wasi;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * A parsed and checked module, shared by its guests. Immutable but for the progress of its
 * compilation. Thread-safe.
 */
@SuppressWarnings("JavaLangClash") // the field's own word; java.lang.Module has no place here
public sealed interface Module permits LoadedModule {
  /** {@code sha256:} and the hexadecimal digest of the file. */
  String digest();

  /** Size of the file. */
  long sizeBytes();

  /** Pages of 64 KiB that the memory starts with. */
  int initialPages();

  /** Pages that the module itself limits its memory to. */
  OptionalInt maximumPages();

  /** Imported functions, in the file's order. */
  List<ModuleImport> imports();

  /** How a guest that starts now would run. */
  CodeState codeState();

  /** Completes with the final state when the compiler or the cache is done; never exceptionally. */
  CompletionStage<CodeState> compiled();

  /**
   * Functions that stay interpreted, because they are too large for one JVM method; complete when
   * {@link #compiled} is.
   */
  List<String> interpretedFunctions();

  /** Sections that are not needed to run it. */
  List<CustomSection> customSections();

  /** What costs speed; complete when {@link #compiled} is, and empty when it stays interpreted. */
  List<Finding> findings();
}
