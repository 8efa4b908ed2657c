package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.spi.Plugin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** Builds a plugin as a third party would: against wasmrunner-api alone. */
final class PluginJar {
  private PluginJar() {}

  /**
   * Compiles and packs.
   *
   * @param sources file name to text
   * @param provider class for META-INF/services; empty for none
   */
  static void build(Path jar, Map<String, String> sources, String provider) throws IOException {
    Path work = Files.createTempDirectory("plugin");
    Path api = Path.of(Plugin.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path classes = Files.createDirectories(work.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("--release", "17", "-cp", api.toString(), "-d", classes.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    if (!sources.isEmpty()) {
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      assertThat(status).as("the plugin compiles against wasmrunner-api alone").isZero();
    }
    pack(jar, classes, provider);
  }

  private static void pack(Path jar, Path classes, String provider) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      for (Path entry : found.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(entry).toString()));
        zip.write(Files.readAllBytes(entry));
      }
      if (!provider.isEmpty()) {
        zip.putNextEntry(new ZipEntry("META-INF/services/" + Plugin.class.getName()));
        zip.write(provider.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
