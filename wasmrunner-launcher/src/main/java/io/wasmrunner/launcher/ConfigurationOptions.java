package io.wasmrunner.launcher;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the command line that choose settings. */
final class ConfigurationOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration file; conf.d beside it is read too. Default: config/wasmrunner.json")
  private @Nullable Path config;

  @Option(names = "--services", paramLabel = "FOLDER", description = "Folder of the services.")
  private @Nullable String services;

  @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Port of the entry point.")
  private @Nullable String port;

  @Option(names = "--data-dir", paramLabel = "FOLDER", description = "Folder for what is kept.")
  private @Nullable String dataDir;

  @Option(names = "--plugins", paramLabel = "FOLDER", description = "Folder of plugin jars.")
  private @Nullable String plugins;

  @Option(
      names = "--insecure-bind",
      description = "Allow an address that others can reach, without any login.")
  private boolean insecureBind;

  @Option(names = "--lenient", description = "Unknown keys in service.json are only warnings.")
  private boolean lenient;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace.")
  private @Nullable String logLevel;

  /** Puts all layers together. */
  Configuration load() {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    put(flags, Setting.SERVICES, services);
    put(flags, Setting.HOST, host);
    put(flags, Setting.PORT, port);
    put(flags, Setting.DATA_DIR, dataDir);
    put(flags, Setting.PLUGINS, plugins);
    put(flags, Setting.LOG_LEVEL, logLevel);
    put(flags, Setting.INSECURE_BIND, insecureBind ? "true" : null);
    put(flags, Setting.LENIENT, lenient ? "true" : null);
    Map<String, String> properties = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name, ""));
    }
    Path file = config == null ? Path.of("config", "wasmrunner.json") : config;
    return ConfigurationLoader.load(file, config != null, System.getenv(), properties, flags);
  }

  private static void put(Map<Setting, String> flags, Setting setting, @Nullable String text) {
    if (text != null) {
      flags.put(setting, text);
    }
  }
}
