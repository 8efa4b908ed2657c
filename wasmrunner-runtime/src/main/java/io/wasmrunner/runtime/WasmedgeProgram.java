package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An installed WasmEdge.
 *
 * @param file its program
 * @param version such as {@code 0.17.1}
 * @param hasRunMode whether it has {@code --run-mode}, without which it interprets even what it
 *     compiled itself
 * @param environment of the program itself
 */
record WasmedgeProgram(
    Path file, String version, boolean hasRunMode, Map<String, String> environment) {
  static final String UNUSABLE = "WR-2072";

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
  private static final Pattern VERSION =
      Pattern.compile("(?m)^\\S*\\s*version ([0-9][0-9A-Za-z.+-]{0,60})\\s*$");

  /**
   * Asks a program what it is. Blocks.
   *
   * @throws WasmrunnerException WR-2072 when it does not answer as WasmEdge does
   */
  static WasmedgeProgram of(Path file, Map<String, String> environment, ToolRuns tools) {
    try {
      Path folder = ChildCommand.folderOf(file);
      ToolRun version =
          tools.run(
              "wasmedge --version",
              new ChildCommand(List.of(file.toString(), "--version"), environment, folder),
              ANSWER_LIMIT);
      Matcher found = VERSION.matcher(version.output());
      if (version.status() != 0 || !found.find()) {
        throw new IOException("it answered: " + version.lastLine());
      }
      ToolRun help =
          tools.run(
              "wasmedge run --help",
              new ChildCommand(List.of(file.toString(), "run", "--help"), environment, folder),
              ANSWER_LIMIT);
      return new WasmedgeProgram(
          file, found.group(1), help.output().contains("--run-mode"), environment);
    } catch (IOException e) {
      throw new WasmrunnerException(
          UNUSABLE,
          file + " does not tell its version as WasmEdge does: " + e.getMessage(),
          "Install WasmEdge 0.14 to 0.17, and give its libraries by \"env\" if it needs them.",
          e);
    }
  }

  /** The beginning of a command that runs a module. */
  List<String> run(boolean compiled) {
    List<String> words = new ArrayList<>(List.of(file.toString(), "run"));
    if (hasRunMode) {
      words.add(compiled ? "--run-mode=aot" : "--run-mode=interpreter");
    }
    return words;
  }

  /** The command that compiles a module. */
  ChildCommand compile(Path module, Path target) {
    return new ChildCommand(
        List.of(file.toString(), "compile", module.toAbsolutePath().toString(), target.toString()),
        environment,
        ChildCommand.folderOf(target));
  }
}
