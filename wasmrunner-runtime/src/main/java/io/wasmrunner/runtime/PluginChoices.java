package io.wasmrunner.runtime;

import io.wasmrunner.model.PluginChoice;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads plugin choices: a name, or an object with the name and the settings. */
final class PluginChoices {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String NAME = "name";

  private PluginChoices() {}

  /** A copy of service.json in which names stand as objects, so that settings can be checked. */
  static JsonNode spelledOut(JsonNode service) {
    if (!service.isObject()) {
      return service;
    }
    ObjectNode copy = (ObjectNode) service.deepCopy();
    spellOut(copy, "launcher");
    spellOut(copy, "load_balancing");
    if (copy.get("health") instanceof ObjectNode health) {
      spellOut(health, "probe");
    }
    return copy;
  }

  /** The choice in a node that passed the schema. */
  static PluginChoice read(JsonNode node) {
    if (node.isString()) {
      return PluginChoice.named(node.stringValue());
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!member.getKey().equals(NAME)) {
        settings.put(member.getKey(), MAPPER.treeToValue(member.getValue(), Object.class));
      }
    }
    return new PluginChoice(node.path(NAME).asString(""), settings);
  }

  /** The choice at a pointer, or the usual one where there is none. */
  static PluginChoice at(ServiceJson json, String pointer, String usual) {
    JsonNode node = json.at(pointer);
    return node.isMissingNode() ? PluginChoice.named(usual) : read(node);
  }

  private static void spellOut(ObjectNode parent, String key) {
    JsonNode choice = parent.get(key);
    if (choice != null && choice.isString()) {
      parent.putObject(key).put(NAME, choice.stringValue());
    }
  }
}
