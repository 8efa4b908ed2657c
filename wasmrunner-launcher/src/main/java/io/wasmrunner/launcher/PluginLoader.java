package io.wasmrunner.launcher;

import io.wasmrunner.launcher.LoadedPlugins.Origin;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.Plugin;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Finds plugins: on the class path, and in jars (or folders of jars) under the plugins folder, each
 * of which gets a class loader of its own. A plugin that fails to load ends the start.
 */
final class PluginLoader {
  private PluginLoader() {}

  /**
   * Loads all plugins.
   *
   * @param folder the plugins folder; may be missing
   * @throws WasmrunnerException WR-7002 when one fails to load, WR-7001 when two bring one name
   */
  static LoadedPlugins load(Path folder) {
    List<Origin> plugins = new ArrayList<>();
    ServiceLoader.load(Plugin.class, PluginLoader.class.getClassLoader())
        .forEach(plugin -> plugins.add(new Origin(plugin, LoadedPlugins.BUILT_IN)));
    for (Path entry : entries(folder)) {
      String place = folder.relativize(entry).toString();
      loadIsolated(entry).forEach(plugin -> plugins.add(new Origin(plugin, place)));
    }
    return new LoadedPlugins(plugins);
  }

  private static List<Path> entries(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(entry -> entry.toString().endsWith(".jar") || Files.isDirectory(entry))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failure(folder, "the folder cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Plugin> loadIsolated(Path entry) {
    List<Plugin> plugins = new ArrayList<>();
    try {
      PluginClassLoader loader = new PluginClassLoader(entry.toString(), jars(entry));
      for (Plugin plugin : ServiceLoader.load(Plugin.class, loader)) {
        plugins.add(plugin);
      }
    } catch (ServiceConfigurationError | LinkageError | IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failure(entry, cause.toString(), e);
    }
    if (plugins.isEmpty()) {
      throw failure(
          entry,
          "it names no plugin",
          new IllegalStateException("no META-INF/services/" + Plugin.class.getName()));
    }
    return plugins;
  }

  private static URL[] jars(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return new URL[] {url(entry)};
    }
    try (Stream<Path> found = Files.list(entry)) {
      List<Path> jars = found.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
      URL[] urls = new URL[jars.size()];
      for (int i = 0; i < urls.length; i++) {
        urls[i] = url(jars.get(i));
      }
      return urls;
    }
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  private static WasmrunnerException failure(Path place, String what, Throwable cause) {
    return new WasmrunnerException(
        "WR-7002",
        "the plugin " + place + " failed to load: " + what,
        "Build it against this version of wasmrunner-api with META-INF/services/"
            + Plugin.class.getName()
            + " naming its class, or remove it from the folder.",
        cause);
  }
}
