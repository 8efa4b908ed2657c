package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationLoaderTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void makeFolders() throws IOException {
    file = folder.resolve("wasmrunner.json");
    Files.createDirectories(folder.resolve("conf.d"));
  }

  @Test
  void withoutAnythingEverySettingHasItsDefault() {
    Configuration configuration = load(Map.of(), Map.of(), Map.of());

    for (Setting setting : Setting.values()) {
      assertThat(configuration.value(setting))
          .isEqualTo(new Configuration.Value(setting.fallback(), "default"));
      assertThat(setting.kind().accepts(setting.fallback())).as(setting.key()).isTrue();
    }
  }

  @Test
  void laterLayersWinAndTellWhereTheyComeFrom() throws IOException {
    Files.writeString(file, "{\"port\": 1, \"host\": \"a\", \"data_dir\": \"x\"}");
    Files.writeString(folder.resolve("conf.d/20.json"), "{\"port\": 3, \"plugins\": \"p3\"}");
    Files.writeString(folder.resolve("conf.d/10.json"), "{\"port\": 2, \"plugins\": \"p2\"}");

    Configuration configuration =
        load(
            Map.of("WASMRUNNER_HOST", "b", "WASMRUNNER_LOG_LEVEL", "warn"),
            Map.of("wasmrunner.log_level", "debug", "unrelated", "x"),
            Map.of(Setting.HOST, "c"));

    assertThat(configuration.value(Setting.PORT).origin()).endsWith("20.json");
    assertThat(configuration.number(Setting.PORT)).isEqualTo(3);
    assertThat(configuration.text(Setting.PLUGINS)).isEqualTo("p3");
    assertThat(configuration.value(Setting.HOST)).isEqualTo(new Configuration.Value("c", "flag"));
    assertThat(configuration.value(Setting.LOG_LEVEL).origin()).isEqualTo("-Dwasmrunner.log_level");
    assertThat(configuration.print())
        .contains("data_dir")
        .contains("x")
        .contains("wasmrunner.json");
  }

  @Test
  void everythingWrongIsReportedAtOnceWithSuggestions() throws IOException {
    Files.writeString(
        file, "{\"prot\": 1, \"port\": \"80\", \"runtime\": {\"default_memory_limit_mb\": 9999}}");

    assertThatThrownBy(
            () ->
                load(
                    Map.of("WASMRUNNER_HOTS", "x"),
                    Map.of("wasmrunner.lenient", "yes"),
                    Map.of(Setting.PORT, "70000")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("unknown key \"prot\"; did you mean \"port\"?")
        .hasMessageContaining("port: expected a port, 0 to 65535, got \"80\"")
        .hasMessageContaining("expected a whole number, 1 to 4096, got \"9999\"")
        .hasMessageContaining("WASMRUNNER_HOTS; did you mean \"WASMRUNNER_HOST\"?")
        .hasMessageContaining("lenient: expected true or false, got \"yes\"")
        .hasMessageContaining("flag: port: expected a port, 0 to 65535, got \"70000\"");
  }

  @Test
  void brokenJsonNamesThePlace() throws IOException {
    Files.writeString(file, "{\n  \"port\": 1,\n  \"port\": 2\n}");

    assertThatThrownBy(() -> load(Map.of(), Map.of(), Map.of()))
        .hasMessageContaining("wasmrunner.json:3:")
        .hasMessageContaining("not valid JSON");
  }

  @Test
  void aNamedFileHasToExist() {
    assertThatThrownBy(
            () ->
                ConfigurationLoader.load(
                    folder.resolve("none.json"), true, Map.of(), Map.of(), Map.of()))
        .hasMessageContaining("none.json does not exist");
  }

  private Configuration load(
      Map<String, String> variables, Map<String, String> properties, Map<Setting, String> flags) {
    return ConfigurationLoader.load(file, false, variables, properties, flags);
  }
}
