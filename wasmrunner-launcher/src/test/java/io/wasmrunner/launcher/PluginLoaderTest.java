package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.spi.PluginCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginLoaderTest {
  private static final String STRATEGY =
      """
      package acme;

      import io.wasmrunner.spi.*;
      import java.util.*;

      public final class LastPlugin implements Plugin {
        public String name() { return "acme"; }
        public String version() { return "1.0"; }
        public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
          return List.of(new LoadBalancingStrategyFactory() {
            public String name() { return "NAME"; }
            public LoadBalancingStrategy create(Map<String, Object> settings) {
              return (available, request) -> available.get(available.size() - 1);
            }
          });
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void builtInsComeTheSameWay() {
    PluginCatalog catalog = PluginLoader.load(folder.resolve("none")).catalog();

    assertThat(catalog.healthProbes()).containsKey("http");
    assertThat(catalog.launchers()).containsKey("embedded");
    assertThat(catalog.loadBalancingStrategies()).containsKey("round_robin");
  }

  @Test
  void aJarAndAFolderOfJarsAreFound() throws IOException {
    PluginJar.build(folder.resolve("one.jar"), sources("last"), "acme.LastPlugin");
    Files.createDirectories(folder.resolve("two"));
    PluginJar.build(folder.resolve("two/code.jar"), sources("last_too"), "acme.LastPlugin");

    PluginCatalog catalog = PluginLoader.load(folder).catalog();

    assertThat(catalog.loadBalancingStrategies()).containsKeys("last", "last_too");
    assertThat(catalog.loadBalancingStrategies().get("last").getClass())
        .as("each has a class loader of its own")
        .isNotSameAs(catalog.loadBalancingStrategies().get("last_too").getClass());
  }

  @Test
  void aPluginSeesNothingOfTheHost() throws IOException {
    PluginJar.build(
        folder.resolve("nosy.jar"),
        Map.of(
            "acme/NosyPlugin.java",
            """
            package acme;

            public final class NosyPlugin implements io.wasmrunner.spi.Plugin {
              public String name() { return "nosy"; }
              public String version() { return find("io.vertx.core.Vertx") + find("org.slf4j.Logger"); }
              private static String find(String name) {
                try {
                  Class.forName(name);
                  return "seen ";
                } catch (ClassNotFoundException e) {
                  return "hidden ";
                }
              }
            }
            """),
        "acme.NosyPlugin");

    assertThat(PluginLoader.load(folder).catalog().plugins())
        .filteredOn(plugin -> plugin.name().equals("nosy"))
        .singleElement()
        .satisfies(plugin -> assertThat(plugin.version()).isEqualTo("hidden seen "));
  }

  @Test
  void aMissingClassNamesTheJarAndTheCause() throws IOException {
    PluginJar.build(folder.resolve("broken.jar"), Map.of(), "acme.Missing");

    assertThatThrownBy(() -> PluginLoader.load(folder))
        .hasMessageContaining("broken.jar")
        .hasMessageContaining("acme.Missing");
  }

  @Test
  void aJarWithoutAPluginIsAnError() throws IOException {
    PluginJar.build(folder.resolve("empty.jar"), sources("last"), "");

    assertThatThrownBy(() -> PluginLoader.load(folder))
        .hasMessageContaining("empty.jar")
        .hasMessageContaining("names no plugin");
  }

  @Test
  void twoWithOneNameAreAnError() throws IOException {
    PluginJar.build(folder.resolve("mine.jar"), sources("round_robin"), "acme.LastPlugin");

    assertThatThrownBy(() -> PluginLoader.load(folder))
        .hasMessageContaining("round_robin")
        .hasMessageContaining("acme");
  }

  private static Map<String, String> sources(String strategy) {
    return Map.of("acme/LastPlugin.java", STRATEGY.replace("NAME", strategy));
  }
}
