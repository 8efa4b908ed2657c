package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.wasi.CodeState;
import io.wasmrunner.wasi.Engine;
import io.wasmrunner.wasi.EngineOptions;
import io.wasmrunner.wasi.Module;
import io.wasmrunner.wasi.ModuleException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Compiles modules before anything starts, into the cache that every start reads. Blocks. */
public final class AheadCompiler implements AutoCloseable {
  /** Launchers that run the code of this cache. */
  private static final Set<String> LAUNCHERS = Set.of(EmbeddedLauncherFactory.NAME, "jvm-process");

  /**
   * How it went.
   *
   * @param sizeBytes size of the module
   * @param compiled false when the whole module stays interpreted; the log says why
   * @param fromCache whether it had been compiled before
   * @param took time to load and compile it
   * @param interpreted functions that stay interpreted
   * @param hints what else costs speed
   */
  public record Result(
      long sizeBytes,
      boolean compiled,
      boolean fromCache,
      Duration took,
      List<String> interpreted,
      List<ModuleHint> hints) {}

  private final Engine engine;

  /** Fills this cache folder. */
  public AheadCompiler(Path cacheFolder) {
    engine = Engine.create(EngineOptions.defaults(cacheFolder));
  }

  /** Whether the runners of a service would take their code from the cache. */
  public static boolean serves(ServiceDefinition service) {
    return LAUNCHERS.contains(service.guest().launcher().name());
  }

  /**
   * Compiles one module.
   *
   * @throws WasmrunnerException when it cannot run here
   */
  public Result compile(Path file) {
    long begun = System.nanoTime();
    long before = engine.compilations();
    try {
      Module module = engine.load(file);
      CodeState state = module.compiled().toCompletableFuture().join();
      return new Result(
          module.sizeBytes(),
          state == CodeState.COMPILED,
          engine.compilations() == before,
          Duration.ofNanos(System.nanoTime() - begun),
          module.interpretedFunctions(),
          ModuleHints.of(module.findings()));
    } catch (ModuleException e) {
      throw EmbeddedLauncher.explained(e);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
