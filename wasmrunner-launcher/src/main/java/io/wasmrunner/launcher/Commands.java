package io.wasmrunner.launcher;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The commands beside the start itself. Reading the options of all of them takes several tenths of
 * a second, so a command line gets those whose names are among the arguments; only help and errors
 * want them all.
 */
final class Commands {
  /** By name, in the order of the help. */
  private static final Map<String, Class<?>> ALL = all();

  private Commands() {}

  private static Map<String, Class<?>> all() {
    Map<String, Class<?>> all = new LinkedHashMap<>();
    all.put("validate", ValidateCommand.class);
    all.put("run", RunCommand.class);
    all.put("compile", CompileCommand.class);
    all.put("inspect", InspectCommand.class);
    all.put("capabilities", CapabilitiesCommand.class);
    all.put("status", StatusCommand.class);
    all.put("logs", LogsCommand.class);
    all.put("start", OperateCommand.Start.class);
    all.put("stop", OperateCommand.Stop.class);
    all.put("restart", OperateCommand.Restart.class);
    all.put("scale", OperateCommand.Scale.class);
    all.put("reload", OperateCommand.Reload.class);
    all.put("enable", OperateCommand.Enable.class);
    all.put("disable", OperateCommand.Disable.class);
    all.put("plan", PlanCommand.class);
    all.put("new", NewCommand.class);
    all.put("doctor", DoctorCommand.class);
    return all;
  }

  /** Names of all, in the order of the help. */
  static Collection<String> names() {
    return ALL.keySet();
  }

  /** A command line with all of them. */
  static CommandLine commandLine() {
    return commandLine(ALL.keySet());
  }

  /** A command line that understands these arguments as one with all of them would. */
  static CommandLine commandLine(String[] arguments) {
    CommandLine few = commandLine(Arrays.asList(arguments));
    try {
      return few.parseArgs(arguments).isUsageHelpRequested() ? commandLine() : few;
    } catch (ParameterException misunderstood) {
      return commandLine(); // its message names them
    }
  }

  private static CommandLine commandLine(Collection<String> names) {
    // An argument of a program may begin with @.
    CommandLine line = new CommandLine(new WasmrunnerCommand()).setExpandAtFiles(false);
    ALL.forEach(
        (name, command) -> {
          if (names.contains(name)) {
            line.addSubcommand(command);
          }
        });
    return line;
  }
}
