package io.wasmrunner.runtime;

import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.LauncherFactory;
import java.util.Map;

/** Makes launchers that run modules by the {@code wasmedge} command line. */
final class WasmedgeLauncherFactory implements LauncherFactory {
  static final String NAME = "wasmedge";

  private final ChildProcesses processes;
  private final WasmedgeCompiler compiler = new WasmedgeCompiler();

  WasmedgeLauncherFactory(ChildProcesses processes) {
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
      "properties": {
        "executable": {
          "description": "The program: a path, or a name that is looked for on the PATH of wasmrunner. \
    Default \\"wasmedge\\". Made for 0.14 to 0.17.",
          "type": "string",
          "minLength": 1,
          "maxLength": 4096,
          "examples": ["/opt/wasmedge/bin/wasmedge"]
        },
        "arguments": {
          "description": "Further arguments, before the module.",
          "type": "array",
          "maxItems": 100,
          "items": { "type": "string", "minLength": 1, "maxLength": 4096 },
          "examples": [["--log-level=warning"]]
        },
        "env": {
          "description": "Environment of the program itself; the guest sees none of it.",
          "type": "object",
          "maxProperties": 100,
          "propertyNames": { "pattern": "^[^=]+$" },
          "additionalProperties": { "type": "string", "maxLength": 32768 },
          "examples": [{ "LD_LIBRARY_PATH": "/opt/wasmedge/lib" }]
        }
      }
    }\
    """;
  }

  @Override
  public Launcher create(Map<String, Object> settings, LauncherContext context) {
    return new WasmedgeLauncher(new LauncherSettings(settings), processes, compiler, context);
  }

  @Override
  public boolean hidesEnvironment(Map<String, Object> settings) {
    return false; // WasmEdge takes variables on its command line only
  }

  @Override
  public void recover(LauncherContext context) {
    new ProcessRecords(context.stateFolder()).endLeftovers();
  }
}
