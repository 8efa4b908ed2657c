package io.wasmrunner.runtime;

import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.LauncherFactory;
import java.util.Map;

/** Makes launchers that give each guest a JVM of its own. */
final class JvmLauncherFactory implements LauncherFactory {
  static final String NAME = "jvm-process";

  private final EmbeddedLauncherFactory embedded;
  private final ChildProcesses processes;

  /**
   * A factory.
   *
   * @param embedded whose engine checks and compiles the modules
   */
  JvmLauncherFactory(EmbeddedLauncherFactory embedded, ChildProcesses processes) {
    this.embedded = embedded;
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
        "heap_mb": {
          "description": "Maximum heap of the child JVM in MiB; linear memory lies outside of it. \
    Default: 96 and 48 times the size of the module.",
          "type": "integer",
          "minimum": 32,
          "maximum": 65536,
          "examples": [128]
        },
        "jvm_options": {
          "description": "Further options of the child JVM, after those of wasmrunner.",
          "type": "array",
          "maxItems": 50,
          "items": { "type": "string", "pattern": "^-[^\\\\x00]{1,1000}$" },
          "examples": [["-XX:+UseParallelGC"]]
        }
      }
    }\
    """;
  }

  @Override
  public Launcher create(Map<String, Object> settings, LauncherContext context) {
    LauncherSettings read = new LauncherSettings(settings);
    JvmCommand command = new JvmCommand(read.number("heap_mb"), read.texts("jvm_options"));
    return new JvmLauncher(embedded.create(Map.of(), context), command, processes, context);
  }

  @Override
  public boolean enforcesCapabilities() {
    return true;
  }

  @Override
  public void recover(LauncherContext context) {
    new ProcessRecords(context.stateFolder()).endLeftovers();
  }
}
