package io.wasmrunner.runtime;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.wasmrunner.model.Violation;
import io.wasmrunner.spi.PluginCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of service.json with the settings of all plugins merged in. Knows the validator;
 * nothing else does. Thread-safe.
 */
final class ServiceSchema {
  private static final String RESOURCE = "service.schema.json";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final JsonNode document;
  private final Schema schema;

  ServiceSchema(PluginCatalog plugins) {
    ObjectNode merged = read();
    PluginSchemas.merge(MAPPER, merged, plugins);
    document = merged;
    schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(merged);
  }

  /** Everything that is wrong with a document, in its order. */
  List<Violation> check(String file, LocatedJson json) {
    SchemaMessages messages = new SchemaMessages(document, file, json);
    return schema.validate(PluginChoices.spelledOut(json.root())).stream()
        .map(
            error ->
                messages.explain(
                    error.getKeyword(),
                    error.getInstanceLocation().toString(),
                    error.getSchemaLocation().getFragment().toString(),
                    Objects.toString(error.getProperty(), ""),
                    error.getMessage()))
        .distinct()
        .toList();
  }

  /** Has everything made that the first check needs. */
  void warmUp() {
    schema.validate(MAPPER.createObjectNode());
  }

  private static ObjectNode read() {
    try (InputStream in = ServiceSchema.class.getResourceAsStream(RESOURCE)) {
      return (ObjectNode) MAPPER.readTree(Objects.requireNonNull(in, RESOURCE).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
