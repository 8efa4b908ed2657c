package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A strategy of somebody else, built against wasmrunner-api alone, dropped in and used. */
final class PluginTest {
  private static final String SOURCE =
      """
      package acme;

      import io.wasmrunner.spi.*;
      import java.util.*;

      public final class AcmePlugin implements Plugin {
        public String name() { return "acme"; }
        public String version() { return "1.2.3"; }
        public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
          return List.of(new LoadBalancingStrategyFactory() {
            public String name() { return "fixed"; }
            public String settingsSchema() {
              return "{\\"type\\":\\"object\\",\\"additionalProperties\\":false,"
                  + "\\"properties\\":{\\"index\\":{\\"type\\":\\"integer\\"}}}";
            }
            public LoadBalancingStrategy create(Map<String, Object> settings) {
              int index = ((Number) settings.get("index")).intValue();
              return (available, request) -> available.get(Math.min(index, available.size() - 1));
            }
          });
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void isSeenAndUsed() throws IOException {
    buildPlugin(Files.createDirectories(folder.resolve("plugins")).resolve("acme.jar"));
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    ObjectNode config = services.config("hello");
    config.putObject("load_balancing").put("name", "fixed").put("index", 1);
    services.withConfig("hello", config);

    try (Wasmrunner wasmrunner = Wasmrunner.ready(services)) {
      wasmrunner.awaitCompiled();
      List<String> runners =
          IntStream.range(0, 5)
              .mapToObj(i -> Http.get(wasmrunner.url("/hello/hello")))
              .map(answer -> answer.headers().firstValue("X-Wasmrunner-Runner").orElse("none"))
              .toList();

      assertThat(runners).containsOnly("hello/1");
      assertThat(Http.get(wasmrunner.url("/__runner__/api/v1/plugins")).body())
          .contains("acme")
          .contains("1.2.3");
    }

    config.putObject("load_balancing").put("name", "fixed").put("indx", 1);
    services.withConfig("hello", config);
    try (Wasmrunner check =
        Wasmrunner.start(folder, "validate", "--services", services.folder().toString())) {
      assertThat(check.exitStatus()).as(check.output()).isEqualTo(9);
      assertThat(check.output()).contains("indx");
    }
  }

  private void buildPlugin(Path jar) throws IOException {
    Path api = Wasmrunner.root().resolve("wasmrunner-api/target/classes");
    Path source = Files.writeString(folder.resolve("AcmePlugin.java"), SOURCE);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "17",
                "-cp",
                api.toString(),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(status).isZero();
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      for (Path entry : found.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(entry).toString()));
        zip.write(Files.readAllBytes(entry));
      }
      zip.putNextEntry(new ZipEntry("META-INF/services/io.wasmrunner.spi.Plugin"));
      zip.write("acme.AcmePlugin".getBytes(StandardCharsets.UTF_8));
    }
  }
}
