package io.wasmrunner.runtime;

import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Launcher {@code command}: runs any program by a template of its command line. */
final class CommandLauncher implements Launcher {
  private final String program;
  private final CommandTemplate arguments;
  private final Map<String, String> environment;
  private final ForeignProcesses processes;

  CommandLauncher(LauncherSettings settings, ChildProcesses children, LauncherContext context) {
    List<String> command = settings.texts("command");
    this.program = command.get(0);
    this.arguments = new CommandTemplate(command.subList(1, command.size()));
    this.environment = settings.map("env");
    this.processes = new ForeignProcesses(children, context);
  }

  @Override
  public void check(Path module, long memoryLimitBytes) {
    find(module);
  }

  @Override
  public CompletionStage<Void> prepare(Path module) {
    find(module);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public RunnerHandle start(RunnerSpec spec, RunnerOutput output) {
    List<String> words = new ArrayList<>(List.of(find(spec.module()).toString()));
    words.addAll(arguments.words(spec));
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(spec.environment());
    return processes.start(
        new ChildCommand(words, all, ChildCommand.folderOf(spec.module())),
        spec,
        output,
        MemoryRefusals.unknown(processes.clock()),
        "native");
  }

  @Override
  public void close() {
    processes.close();
  }

  private Path find(Path module) {
    return Executable.find(program, ChildCommand.folderOf(module), Executable.searchPath());
  }
}
