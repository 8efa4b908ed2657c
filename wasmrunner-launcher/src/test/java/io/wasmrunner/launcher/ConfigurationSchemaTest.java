package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema that editors use says what the loader does. */
final class ConfigurationSchemaTest {
  private final JsonNode schema = read();

  @Test
  void everySettingIsDescribedWithItsDefault() {
    for (Setting setting : Setting.values()) {
      JsonNode described = schema.at("/properties/" + setting.key().replace(".", "/properties/"));
      assertThat(described.path("default").asString())
          .as(setting.key())
          .isEqualTo(setting.fallback());
      assertThat(described.path("description").asString()).as(setting.key()).isNotBlank();
    }
  }

  @Test
  void nothingElseIsDescribed() {
    assertThat(keys("", schema)).containsExactlyInAnyOrderElementsOf(Setting.keys());
  }

  private static Set<String> keys(String parent, JsonNode object) {
    Set<String> keys = new TreeSet<>();
    for (var entry : object.path("properties").properties()) {
      String key = parent + entry.getKey();
      if (entry.getValue().path("type").asString("").equals("object")) {
        keys.addAll(keys(key + ".", entry.getValue()));
      } else if (!key.equals("$schema")) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static JsonNode read() {
    try {
      Path file = Path.of("..", "config", "schema", "wasmrunner.schema.json");
      return new JsonMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
