package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.HealthProbeContext;
import io.wasmrunner.spi.HealthProbeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes {@link CommandProbe}s. */
final class CommandProbeFactory implements HealthProbeFactory {
  @Override
  public String name() {
    return CommandProbe.NAME;
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
          "title": "a program and its arguments, one text each",
          "description": "The program and its arguments, one text each; no shell is involved. Exit \
    status 0 means healthy. The program is an absolute path, a path from the folder in which \
    wasmrunner was started, or a name that is looked for on PATH. Placeholders in the arguments: \
    {host}, {port}; {{ stands for {.",
          "type": "array",
          "minItems": 1,
          "maxItems": 200,
          "items": {
            "title": "a text",
            "type": "string",
            "minLength": 1,
            "maxLength": 4096,
            "examples": ["{host}:{port}"]
          },
          "examples": [["grpc_health_probe", "-addr={host}:{port}"]]
        },
        "env": {
          "title": "an object of variables and their values",
          "description": "Environment of the program beside WR_PROBE_HOST and WR_PROBE_PORT. It \
    gets nothing else, not even PATH.",
          "type": "object",
          "maxProperties": 100,
          "propertyNames": { "title": "a name without =", "pattern": "^[^=]+$" },
          "additionalProperties": {
            "title": "a text",
            "type": "string",
            "maxLength": 32768,
            "examples": ["value"]
          },
          "examples": [{ "PATH": "/usr/bin:/bin" }]
        }
      }
    }\
    """;
  }

  @Override
  public HealthProbe create(Map<String, Object> settings) {
    return new CommandProbe(command(settings), Optional.empty());
  }

  @Override
  public HealthProbe create(Map<String, Object> settings, HealthProbeContext context) {
    return new CommandProbe(command(settings), Optional.of(records(context)));
  }

  @Override
  public void recover(HealthProbeContext context) {
    records(context).endLeftovers();
  }

  private static ProcessRecords records(HealthProbeContext context) {
    return new ProcessRecords(context.stateFolder());
  }

  private static ProbeCommand command(Map<String, Object> settings) {
    LauncherSettings read = new LauncherSettings(settings);
    List<String> command = read.texts(CommandProbe.COMMAND);
    return new ProbeCommand(
        program(command.get(0)), command.subList(1, command.size()), read.map(CommandProbe.ENV));
  }

  private static String program(String name) {
    try {
      return Executable.find(name, Path.of(""), Executable.searchPath()).toString();
    } catch (WasmrunnerException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
