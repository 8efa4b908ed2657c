package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.wasi.CodeState;
import io.wasmrunner.wasi.CustomSection;
import io.wasmrunner.wasi.Engine;
import io.wasmrunner.wasi.EngineOptions;
import io.wasmrunner.wasi.Module;
import io.wasmrunner.wasi.ModuleException;
import io.wasmrunner.wasi.ModuleImport;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What there is to know about a module that runs here.
 *
 * @param digest {@code sha256:…} of the file
 * @param sizeBytes size of the file
 * @param initialMemoryBytes linear memory that it starts with
 * @param maximumMemoryBytes its own limit of it
 * @param entry the exported function that is called
 * @param imports functions of the host that it wants, all of which are there
 * @param customSections name and bytes of what is not needed to run it
 * @param compiled false when the whole module stays interpreted
 * @param interpreted functions that stay interpreted
 * @param hints what costs speed
 */
public record ModuleInspection(
    String digest,
    long sizeBytes,
    long initialMemoryBytes,
    OptionalLong maximumMemoryBytes,
    String entry,
    List<String> imports,
    List<Section> customSections,
    boolean compiled,
    List<String> interpreted,
    List<ModuleHint> hints) {
  private static final long PAGE_BYTES = 64 << 10;

  /** A custom section. */
  public record Section(String name, long bytes) {
    static Section of(CustomSection section) {
      return new Section(section.name(), section.bytes());
    }
  }

  /**
   * Reads and compiles a module, and starts, keeps and writes nothing. Blocks for seconds.
   *
   * @throws WasmrunnerException when it cannot run here: damaged, a component, imports that nobody
   *     provides
   */
  public static ModuleInspection of(Path file) {
    EngineOptions withoutCache = new EngineOptions(file, 0, 1, true);
    try (Engine engine = Engine.create(withoutCache)) {
      Module module = engine.load(file);
      CodeState state = module.compiled().toCompletableFuture().join();
      return new ModuleInspection(
          module.digest(),
          module.sizeBytes(),
          module.initialPages() * PAGE_BYTES,
          module.maximumPages().isPresent()
              ? OptionalLong.of(module.maximumPages().getAsInt() * PAGE_BYTES)
              : OptionalLong.empty(),
          "_start",
          module.imports().stream().map(ModuleImport::toString).toList(),
          module.customSections().stream().map(Section::of).toList(),
          state == CodeState.COMPILED,
          module.interpretedFunctions(),
          ModuleHints.of(module.findings()));
    } catch (ModuleException e) {
      throw EmbeddedLauncher.explained(e);
    }
  }
}
