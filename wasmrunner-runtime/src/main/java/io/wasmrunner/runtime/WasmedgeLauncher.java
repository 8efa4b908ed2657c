package io.wasmrunner.runtime;

import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launcher {@code wasmedge}: one process of WasmEdge for each runner. Until a module is compiled it
 * runs interpreted.
 */
final class WasmedgeLauncher implements Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(WasmedgeLauncher.class);

  /** What WasmEdge prints when a guest asks for memory beyond its limit. */
  private static final String REFUSAL = "Memory grow page failed";

  private final String executable;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final WasmedgeCompiler compiler;
  private final LauncherContext context;
  private final ToolRuns tools;
  private final ForeignProcesses processes;
  private final Map<Path, Path> compiled = new ConcurrentHashMap<>();
  private volatile @Nullable WasmedgeProgram known;

  WasmedgeLauncher(
      LauncherSettings settings,
      ChildProcesses children,
      WasmedgeCompiler compiler,
      LauncherContext context) {
    this.executable = settings.text("executable", "wasmedge");
    this.arguments = settings.texts("arguments");
    this.environment = settings.map("env");
    this.compiler = compiler;
    this.context = context;
    this.tools = new ToolRuns(children, context.stateFolder());
    this.processes = new ForeignProcesses(children, context);
  }

  @Override
  public void check(Path module, long memoryLimitBytes) {
    find(module);
  }

  @Override
  public CompletionStage<Void> prepare(Path module) {
    WasmedgeCache cache =
        new WasmedgeCache(
            context.cacheFolder().resolve("wasmedge"), WasmedgeCache.LIMIT_BYTES, context.clock());
    return compiler
        .compile(program(module), module, cache, tools)
        .thenAccept(file -> compiled.put(module, file));
  }

  @Override
  public RunnerHandle start(RunnerSpec spec, RunnerOutput output) {
    WasmedgeProgram program = program(spec.module());
    Path file = compiledFile(spec.module());
    List<String> words = new ArrayList<>(program.run(file != null));
    words.addAll(CommandTemplate.environment("--env", spec.environment()));
    words.add("--memory-page-limit");
    words.add(Long.toString(CommandTemplate.pages(spec.memoryLimitBytes())));
    words.addAll(arguments);
    words.add((file == null ? spec.module().toAbsolutePath() : file).toString());
    return processes.start(
        new ChildCommand(words, environment, ChildCommand.folderOf(spec.module())),
        spec,
        output,
        MemoryRefusals.saidAs(REFUSAL, context.clock()),
        file == null ? "interpreted" : "native");
  }

  /** Null until there is one, and again when the cache has made room. */
  private @Nullable Path compiledFile(Path module) {
    Path file = compiled.get(module);
    if (file != null && !Files.isRegularFile(file)) {
      compiled.remove(module, file);
      prepare(module)
          .whenComplete(
              (done, failure) -> LOG.debug("compiled {} again", module.getFileName(), failure));
      return null;
    }
    return file;
  }

  @Override
  public void close() {
    tools.close();
    processes.close();
  }

  private Path find(Path module) {
    return Executable.find(executable, ChildCommand.folderOf(module), Executable.searchPath());
  }

  private WasmedgeProgram program(Path module) {
    WasmedgeProgram program = known;
    if (program == null) {
      program = WasmedgeProgram.of(find(module), environment, tools);
      known = program;
    }
    return program;
  }
}
