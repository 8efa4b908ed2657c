package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.Factory;
import io.wasmrunner.spi.PluginCatalog;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Merges what plugins say about their settings into the schema of service.json. */
final class PluginSchemas {
  static final String BAD_PLUGIN_SCHEMA = "WR-7010";

  private static final String DEFS = "$defs";

  private final JsonMapper mapper;
  private final ObjectNode schema;

  private PluginSchemas(JsonMapper mapper, ObjectNode schema) {
    this.mapper = mapper;
    this.schema = schema;
  }

  /** Changes the schema so that it knows the names and settings of all plugins. */
  static void merge(JsonMapper mapper, ObjectNode schema, PluginCatalog plugins) {
    PluginSchemas merger = new PluginSchemas(mapper, schema);
    merger.merge("launcher", plugins.launchers());
    merger.merge("probe", plugins.healthProbes());
    merger.merge("load_balancing", plugins.loadBalancingStrategies());
  }

  private void merge(String point, Map<String, ? extends Factory> factories) {
    ObjectNode definitions = (ObjectNode) schema.get(DEFS);
    ObjectNode choice = (ObjectNode) definitions.get(point + "_choice");
    ObjectNode named = (ObjectNode) choice.get("then");
    ObjectNode name = named.withObjectProperty("properties").withObjectProperty("name");
    ArrayNode names = name.putArray("enum");
    ArrayNode all = choice.putArray("allOf");
    int number = 0;
    for (Factory factory : factories.values()) {
      names.add(factory.name());
      String definition = point + "_settings_" + number++;
      definitions.set(definition, settings(factory, "#/" + DEFS + "/" + definition));
      ObjectNode rule = all.addObject();
      ObjectNode condition = rule.putObject("if");
      condition.put("type", "object").putArray("required").add("name");
      condition.putObject("properties").putObject("name").put("const", factory.name());
      rule.putObject("then").put("$ref", "#/" + DEFS + "/" + definition);
    }
  }

  private ObjectNode settings(Factory factory, String root) {
    JsonNode parsed;
    try {
      parsed = mapper.readTree(factory.settingsSchema());
    } catch (JacksonException e) {
      throw bad(factory, "is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!(parsed instanceof ObjectNode settings)) {
      throw bad(factory, "is no JSON object", null);
    }
    settings.remove("$id");
    settings.remove("$schema");
    moveReferences(settings, root);
    ObjectNode properties = settings.withObjectProperty("properties");
    if (properties.has("name")) {
      throw bad(factory, "has a setting \"name\", which is taken by the name itself", null);
    }
    properties.putObject("name").put("const", factory.name());
    return settings;
  }

  /** References within the plugin's own document now start at its place in ours. */
  private static void moveReferences(JsonNode node, String root) {
    if (node instanceof ObjectNode object && object.path("$ref").asString("").startsWith("#")) {
      object.put("$ref", root + object.path("$ref").stringValue().substring(1));
    }
    for (JsonNode child : node) {
      moveReferences(child, root);
    }
  }

  private static WasmrunnerException bad(
      Factory factory, String what, @org.jspecify.annotations.Nullable Exception cause) {
    String message = "the settings schema of plugin factory \"" + factory.name() + "\" " + what;
    String advice = "Remove the plugin, or ask its author for a corrected one.";
    return cause == null
        ? new WasmrunnerException(BAD_PLUGIN_SCHEMA, message, advice)
        : new WasmrunnerException(BAD_PLUGIN_SCHEMA, message, advice, cause);
  }
}
