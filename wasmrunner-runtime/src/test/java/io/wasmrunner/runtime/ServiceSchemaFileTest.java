package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.wasmrunner.spi.PluginCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema as editors and people read it, and the services of this repository against it. */
final class ServiceSchemaFileTest {
  private static final Path FILE = Path.of("..", "config", "schema", "service.schema.json");
  private static final Path TABLE = Path.of("..", "config", "README.md");

  @TempDir Path folder;

  private static JsonNode schema() throws IOException {
    return JsonMapper.builder().build().readTree(Files.readString(FILE));
  }

  @Test
  void isAValidSchema() throws IOException {
    Schema metaschema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(metaschema.validate(schema())).isEmpty();
  }

  @Test
  void describesEveryKeyAndSoDoesTheTable() throws IOException {
    String table = Files.readString(TABLE);
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, JsonNode> top : schema().path("properties").properties()) {
      JsonNode inner = top.getValue().path("properties");
      if (inner.isMissingNode()) {
        keys.add(top.getKey());
      }
      inner.propertyNames().forEach(key -> keys.add(top.getKey() + "." + key));
      assertThat(top.getValue().path("description").asString("")).as(top.getKey()).isNotBlank();
      inner.forEach(key -> assertThat(key.path("description").asString("")).isNotBlank());
    }
    assertThat(keys).hasSizeGreaterThan(15).contains("health.interval");
    assertThat(keys).allSatisfy(key -> assertThat(table).contains("`" + key + "`"));
  }

  @Test
  void theServicesOfThisRepositoryAreValid() {
    RuntimeOptions options =
        RuntimeOptions.builder(
                Path.of("..", "services"), folder, PluginCatalog.of(List.of(new RuntimePlugin())))
            .entryPort(14_000)
            .build();
    ServiceCatalogue catalogue = ServiceCatalogue.load(options);
    assertThat(catalogue.entries()).extracting(ServiceEntry::name).contains("hello");
    assertThat(catalogue.entries())
        .allSatisfy(entry -> assertThat(entry.errors()).as(entry.name()).isEmpty());
  }
}
