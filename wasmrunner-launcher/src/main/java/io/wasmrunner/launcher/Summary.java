package io.wasmrunner.launcher;

import java.net.URI;
import java.util.stream.Collectors;

/** What the start says when the entry point listens. */
final class Summary {
  private Summary() {}

  static String of(Configuration configuration, LoadedPlugins plugins, URI entryPoint) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "wasmrunner",
        WasmrunnerCommand.version() + " on Java " + Runtime.version().feature());
    line(text, "dashboard", entryPoint + "/");
    line(text, "services", configuration.path(Setting.SERVICES).toString());
    line(text, "data", configuration.path(Setting.DATA_DIR).toString());
    line(
        text,
        "plugins",
        plugins.catalog().plugins().stream()
            .map(plugin -> plugin.name() + " " + plugin.version())
            .collect(Collectors.joining(", ")));
    if (configuration.flag(Setting.INSECURE_BIND)) {
      line(
          text,
          "WARNING",
          "anyone who reaches this address controls every service (insecure_bind)");
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("%-11s %s%n", name, value));
  }
}
