package io.wasmrunner.launcher;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * Class loader of one plugin: sees its own jars, the JDK and what plugins share with the host
 * (wasmrunner-api, slf4j-api, JSpecify), and nothing else of the host. Open as long as the process.
 */
final class PluginClassLoader extends URLClassLoader {
  private static final List<String> SHARED =
      List.of(
          "io.wasmrunner.spi.",
          "io.wasmrunner.model.",
          "io.wasmrunner.bus.",
          "org.slf4j.",
          "org.jspecify.");

  static {
    registerAsParallelCapable();
  }

  PluginClassLoader(String name, URL[] jars) {
    super(name, jars, ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (SHARED.stream().anyMatch(name::startsWith)) {
      return Class.forName(name, false, PluginClassLoader.class.getClassLoader());
    }
    return super.loadClass(name, resolve);
  }
}
