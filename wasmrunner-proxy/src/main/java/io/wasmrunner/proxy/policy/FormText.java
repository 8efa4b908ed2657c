package io.wasmrunner.proxy.policy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads forms as browsers send them. */
final class FormText {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private FormText() {}

  /** The fields as an object; one that comes several times becomes an array. */
  static JsonNode body(Buffer body, Shape shape) {
    ObjectNode form = NODES.objectNode();
    QueryText.each(
        body.toString(StandardCharsets.UTF_8),
        (name, text) -> {
          Set<String> types = shape.properties().getOrDefault(name, Set.of());
          JsonNode value = Shape.value(QueryText.decoded(text), types);
          JsonNode before = form.get(name);
          if (before instanceof ArrayNode several) {
            several.add(value);
          } else if (before != null) {
            form.set(name, NODES.arrayNode().add(before).add(value));
          } else {
            form.set(name, types.contains("array") ? NODES.arrayNode().add(value) : value);
          }
        });
    return form;
  }
}
