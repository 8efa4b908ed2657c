package io.wasmrunner.runtime;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerSpec;
import io.wasmrunner.wasi.CodeState;
import io.wasmrunner.wasi.Guest;
import io.wasmrunner.wasi.GuestConfig;
import io.wasmrunner.wasi.Module;
import io.wasmrunner.wasi.ModuleException;
import io.wasmrunner.wasi.NioNetwork;
import io.wasmrunner.wasi.Preopen;
import io.wasmrunner.wasi.TlsTrust;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Launcher {@code embedded}: guests on threads of this process, by wasmrunner-wasi. */
final class EmbeddedLauncher implements Launcher {
  static final String NOT_COMPILED = "WR-2051";
  static final String LIMIT_TOO_LOW = "WR-2053";
  static final String CHANGED = "WR-2077";

  private static final long PAGE_BYTES = 64 << 10;

  /** The engine's codes: limit below the initial memory, budget spent, JVM exhausted. */
  private static final Set<String> OUT_OF_MEMORY = Set.of("WR-6008", "WR-6009", "WR-6010");

  private final EmbeddedEngine shared;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Map<Path, Module> modules = new ConcurrentHashMap<>();
  private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
  private final Set<EmbeddedRunner> running = ConcurrentHashMap.newKeySet();

  EmbeddedLauncher(EmbeddedEngine shared, Runnable onClose) {
    this.shared = shared;
    this.onClose = onClose;
  }

  @Override
  public void check(Path file, long memoryLimitBytes) {
    try {
      long needed = shared.engine().check(file) * PAGE_BYTES;
      if (needed > memoryLimitBytes) {
        throw new WasmrunnerException(
            LIMIT_TOO_LOW,
            "the module starts with %d KiB of memory, and its limit is %d KiB"
                .formatted(needed >> 10, memoryLimitBytes >> 10),
            "Raise memory_limit_mb, or build the module with a smaller initial memory.");
      }
    } catch (ModuleException e) {
      throw explained(e);
    }
  }

  @Override
  public Optional<String> digest(Path file) {
    return Optional.of(load(file).digest());
  }

  /**
   * Loads a module that has to be the one with this digest.
   *
   * @throws WasmrunnerException WR-2077 when it is another by now
   */
  void require(Path file, String digest) {
    String found = load(file).digest();
    if (!found.equals(digest)) {
      throw new WasmrunnerException(
          CHANGED,
          "the module changed after it was checked: it was %s and is %s".formatted(digest, found),
          "Reload the service, so that the new module is checked and every runner gets it.");
    }
  }

  @Override
  public CompletionStage<Void> prepare(Path file) {
    return load(file)
        .compiled()
        .thenAccept(
            state -> {
              if (state != CodeState.COMPILED) {
                throw new WasmrunnerException(
                    NOT_COMPILED,
                    file.getFileName() + " stays interpreted, which is slow: " + state,
                    "The log says why it could not be compiled.");
              }
            });
  }

  @Override
  public List<ModuleHint> hints(Path file) {
    Module known = modules.get(file);
    return known == null ? List.of() : ModuleHints.of(known.findings());
  }

  @Override
  public RunnerHandle start(RunnerSpec spec, RunnerOutput output) {
    return start(spec, output, network(spec, output));
  }

  @Override
  public boolean startsBeside() {
    return true;
  }

  @Override
  public RunnerHandle startBeside(RunnerSpec spec, RunnerOutput output) {
    return start(spec, output, network(spec, output).beside());
  }

  private RunnerHandle start(RunnerSpec spec, RunnerOutput output, RunnerNetwork network) {
    Module module = load(spec.module());
    int port = spec.address().port();
    if (ports.add(port)) {
      shared.network().assign(port);
    }
    try {
      GuestConfig config = config(spec, output, network);
      EmbeddedRunner runner =
          new EmbeddedRunner(Guest.start(module, config), network, shared.context().clock());
      running.add(runner);
      runner
          .exit()
          .thenRun(
              () -> {
                running.remove(runner);
                if (!runner.handsOver()) {
                  shared.network().discard(port);
                }
              });
      return runner;
    } catch (ModuleException e) {
      shared.network().discard(port);
      if (OUT_OF_MEMORY.contains(e.code())) {
        return new FailedStart(
            new RunnerExit(
                shared.context().clock().instant(),
                ExitCause.MEMORY_LIMIT,
                explained(e).explain()));
      }
      throw explained(e);
    }
  }

  private GuestConfig config(RunnerSpec spec, RunnerOutput output, RunnerNetwork network) {
    return GuestConfig.builder(spec.id().toString())
        .args(List.of(String.valueOf(spec.module().getFileName())))
        .env(spec.environment())
        .stdout(new GuestOutput(output::stdout))
        .stderr(new GuestOutput(output::stderr))
        .memoryLimitBytes(spec.memoryLimitBytes())
        .maxDescriptors(spec.limits().openDescriptors())
        .descriptorBudget(shared.descriptors())
        .cpuShare(spec.limits().cpuShare())
        .budget(shared.budget())
        .network(network)
        .preopens(preopens(spec))
        .tlsTrust(trust(spec))
        .clock(shared.context().clock())
        .listener(new GuestReports(output))
        .build();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      running.forEach(EmbeddedRunner::stop);
      ports.forEach(shared.network()::unassign);
      modules.clear();
      onClose.run();
    }
  }

  private RunnerNetwork network(RunnerSpec spec, RunnerOutput output) {
    int port = spec.address().port();
    String entryPoint = spec.environment().getOrDefault(GuestEnvironment.BASE_URL, "");
    return new RunnerNetwork(
        port,
        shared.network(),
        new NioNetwork(shared.network().bindHost()),
        NetworkRules.of(port, spec.capabilities(), entryPoint),
        shared.context().clock(),
        output::accessed);
  }

  /** Read at each start, so that a renewed file counts from then on. */
  private static TlsTrust trust(RunnerSpec spec) {
    return spec.capabilities()
        .flatMap(Capabilities::tlsCaFile)
        .map(TlsTrust::withAuthorities)
        .orElseGet(TlsTrust::jvm);
  }

  private static List<Preopen> preopens(RunnerSpec spec) {
    return spec.capabilities().stream()
        .flatMap(block -> block.preopens().stream())
        .map(folder -> new Preopen(folder.host(), folder.guest(), !folder.readOnly()))
        .toList();
  }

  private Module load(Path file) {
    Module known = modules.get(file);
    if (known != null) {
      return known;
    }
    try {
      Module loaded = shared.engine().load(file);
      modules.put(file, loaded);
      return loaded;
    } catch (ModuleException e) {
      throw explained(e);
    }
  }

  static WasmrunnerException explained(ModuleException e) {
    return new WasmrunnerException(e.code(), e.problem(), e.fix(), e);
  }
}
