package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command of a probe: a program and its arguments, which may hold {@code {host}} and {@code
 * {port}}, and its environment. There is no shell.
 */
final class ProbeCommand {
  private final String program;
  private final List<String> arguments;
  private final Map<String, String> environment;

  /**
   * Checks a command.
   *
   * @param program its file
   * @throws IllegalArgumentException when it holds an unknown placeholder or a NUL character
   */
  ProbeCommand(String program, List<String> arguments, Map<String, String> environment) {
    this.program = program;
    this.arguments = List.copyOf(arguments);
    this.environment = Map.copyOf(environment);
    for (String argument : arguments) {
      refuseNul(argument, "a word of the command");
      fill(argument, Map.of("host", "", "port", ""));
    }
    environment.forEach(
        (name, value) -> refuseNul(name + value, "a variable of the command's environment"));
  }

  /** The program and its arguments for one runner. */
  List<String> words(RunnerAddress target) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("host", target.host());
    values.put("port", Integer.toString(target.port()));
    List<String> words = new ArrayList<>(List.of(program));
    arguments.forEach(argument -> words.add(fill(argument, values)));
    return words;
  }

  /** The process for one runner, not started yet; both its outputs are one. */
  ProcessBuilder process(RunnerAddress target) {
    List<String> words = words(target);
    ProcessBuilder builder = new ProcessBuilder(OwnSession.words(words)).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("WR_PROBE_HOST", target.host());
    builder.environment().put("WR_PROBE_PORT", Integer.toString(target.port()));
    return builder;
  }

  private static String fill(String word, Map<String, String> values) {
    return Placeholders.fill(
        word,
        name -> {
          String value = values.get(name);
          if (value == null) {
            throw Placeholders.unknown(name, word, values.keySet(), "{host} and {port}");
          }
          return value;
        });
  }

  private static void refuseNul(String text, String what) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " holds a NUL character");
    }
  }
}
