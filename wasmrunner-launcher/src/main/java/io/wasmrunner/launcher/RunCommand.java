package io.wasmrunner.launcher;

import io.wasmrunner.runtime.Program;
import io.wasmrunner.runtime.ProgramFolder;
import io.wasmrunner.runtime.ProgramRunner;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one WASI program with the standard streams and the exit status of this process. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showEndOfOptionsDelimiterInUsageHelp = true,
    description = {
      "Runs a WASI Preview 1 program: its standard streams, its exit status. It sees the folders",
      "and the environment that are named here and nothing else; it may listen on loopback."
    },
    footer = {
      "",
      "A program is interpreted the first time and starts at once. One that runs for some seconds"
          + " is",
      "compiled meanwhile into cache/ of the data folder: later runs are fast.",
      "",
      "Exit status: the program's own; 134 trap or stack exhausted, with the functions that led to"
          + " it;",
      "137 memory limit; 130 Ctrl-C, 143 SIGTERM; 70 fault of the engine; 1 not started (WR-6nnn);",
      "2 wrong usage."
    })
final class RunCommand implements Callable<Integer> {
  private static final long STOPS_WITHIN_SECONDS = 5;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The module, a .wasm file.")
  private Path file = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ARGS",
      description = "Arguments of the program; those that begin with a dash only after --.")
  private List<String> args = List.of();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of its environment; may be repeated.")
  private List<String> env = List.of();

  @Option(
      names = "--dir",
      paramLabel = "HOST[::GUEST][:ro]",
      description = {
        "A folder that it may use, under the name GUEST (default: as written for HOST);",
        "with :ro at the end it may only read. May be repeated."
      })
  private List<String> folders = List.of();

  @Option(
      names = "--memory-mb",
      paramLabel = "N",
      description = "Limit of its memory, MiB. Default: runtime.default_memory_limit_mb (256).")
  private @Nullable Integer memoryMb;

  @Override
  public Integer call() {
    LogLevel.set("error");
    LogLevel.useStandardError(); // standard output is the program's
    Configuration configuration = new ConfigurationOptions().load();
    int memory =
        memoryMb == null ? configuration.number(Setting.DEFAULT_MEMORY_LIMIT_MB) : memoryMb;
    if (memory < 1 || memory > 4096) {
      throw wrong("--memory-mb: expected a whole number, 1 to 4096, found " + memory);
    }
    Program program =
        new Program(
            file,
            args,
            environment(),
            granted(),
            memory,
            configuration.path(Setting.DATA_DIR).resolve("cache"));
    return run(
        new ProgramRunner(
            program,
            System.in,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err)));
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String text : env) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw wrong("--env: expected NAME=VALUE, found \"" + text + "\"");
      }
      variables.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return variables;
  }

  private List<ProgramFolder> granted() {
    List<ProgramFolder> granted = new ArrayList<>();
    for (String text : folders) {
      try {
        granted.add(ProgramFolder.parse(text));
      } catch (IllegalArgumentException e) {
        throw wrong("--dir: " + e.getMessage());
      }
    }
    return granted;
  }

  private ParameterException wrong(String message) {
    if (spec == null) {
      throw new IllegalStateException("the command was not made by picocli");
    }
    return new ParameterException(spec.commandLine(), message);
  }

  private static int run(ProgramRunner runner) {
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(runner, ended), "shutdown"));
    try {
      return runner.run();
    } finally {
      ended.countDown();
    }
  }

  private static void stop(ProgramRunner runner, CountDownLatch ended) {
    runner.stop();
    try {
      if (!ended.await(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("wasmrunner: the program did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
