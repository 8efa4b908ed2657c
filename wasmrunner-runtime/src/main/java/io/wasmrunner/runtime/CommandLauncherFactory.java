package io.wasmrunner.runtime;

import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.LauncherFactory;
import java.util.Map;

/** Makes launchers that run any program: another engine, or no engine at all. */
final class CommandLauncherFactory implements LauncherFactory {
  static final String NAME = "command";

  private final ChildProcesses processes;

  CommandLauncherFactory(ChildProcesses processes) {
    this.processes = processes;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String settingsSchema() {
    return """
    {
      "type": "object",
      "additionalProperties": false,
      "required": ["command"],
      "properties": {
        "command": {
          "description": "The program and its arguments, one text each; no shell is involved. \
    Placeholders: {module}, {host}, {port}, {index}, {memory_mb}, {memory_pages}; {env:OPTION} as a \
    text of its own stands for OPTION NAME=VALUE of every variable; {{ stands for {.",
          "type": "array",
          "minItems": 1,
          "maxItems": 200,
          "items": { "type": "string", "minLength": 1, "maxLength": 4096 },
          "examples": [["wasirun", "--sockets", "auto", "{env:--env}", "{module}"]]
        },
        "env": {
          "description": "Environment of the program beside the guest's own variables. It gets \
    nothing else, not even PATH.",
          "type": "object",
          "maxProperties": 100,
          "propertyNames": { "pattern": "^[^=]+$" },
          "additionalProperties": { "type": "string", "maxLength": 32768 },
          "examples": [{ "PATH": "/usr/bin:/bin" }]
        }
      }
    }\
    """;
  }

  @Override
  public Launcher create(Map<String, Object> settings, LauncherContext context) {
    return new CommandLauncher(new LauncherSettings(settings), processes, context);
  }

  @Override
  public boolean hidesEnvironment(Map<String, Object> settings) {
    return new LauncherSettings(settings)
        .texts("command").stream().noneMatch(word -> word.startsWith("{env:"));
  }

  @Override
  public void recover(LauncherContext context) {
    new ProcessRecords(context.stateFolder()).endLeftovers();
  }
}
