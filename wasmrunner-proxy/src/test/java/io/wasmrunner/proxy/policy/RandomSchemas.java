package io.wasmrunner.proxy.policy;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes up schemas as contracts have them, and JSON texts that fit them more or less. */
final class RandomSchemas {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final List<String> NAMES = List.of("a", "b", "name", "é", "a/b", "");
  private static final List<String> TYPES =
      List.of("object", "array", "string", "integer", "number", "boolean");
  private static final List<String> TEXTS =
      List.of("", "a", "abc", "pen-17", "2026-02-28", "2026-02-30", "2026-01-31T12:00:00Z").stream()
          .toList();
  private static final List<String> ODD_TEXTS =
      List.of(
          "\"\\ud83d\\ude00\"",
          "\"\\ud83d\"",
          "\"é\"",
          "\"\\u0000\"",
          "\"a\\nb\"",
          "\"" + "x".repeat(50) + "\"");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "3",
          "7",
          "10",
          "100",
          "0.5",
          "1.5",
          "2.0",
          "-0",
          "-0.0",
          "1e2",
          "1E-2",
          "1e400",
          "2147483647",
          "2147483648",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "0.30000000000000004",
          "123456789.123456789",
          "2.999999999999999999999");
  private static final List<String> BOUNDS =
      List.of("0", "1", "2", "3", "0.5", "1.5", "-1", "2.0", "9007199254740993", "1e3");
  private static final List<String> UNUSUAL =
      List.of(
          "\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"integer\"}]",
          "\"anyOf\": [{\"minimum\": 2}, {\"type\": \"object\", \"required\": [\"a\"]}]",
          "\"not\": {\"type\": \"string\"}",
          "\"multipleOf\": 2",
          "\"uniqueItems\": true",
          "\"patternProperties\": {\"^a\": {\"type\": \"string\"}}",
          "\"propertyNames\": {\"maxLength\": 1}",
          "\"unevaluatedProperties\": false",
          "\"dependentRequired\": {\"a\": [\"b\"]}",
          "\"prefixItems\": [{\"type\": \"string\"}]",
          "\"contains\": {\"type\": \"string\"}",
          "\"if\": {\"type\": \"string\"}, \"then\": {\"maxLength\": 1}");

  private final Random random;
  private final boolean openApi30;

  RandomSchemas(Random random, boolean openApi30) {
    this.random = random;
    this.openApi30 = openApi30;
  }

  /** A contract with so many paths {@code /0}, {@code /1}, … that take JSON. */
  ObjectNode document(int paths) {
    ObjectNode document = MAPPER.createObjectNode().put("openapi", openApi30 ? "3.0.3" : "3.1.0");
    ObjectNode all = document.putObject("paths");
    for (int i = 0; i < paths; i++) {
      all.putObject("/" + i)
          .putObject("post")
          .putObject("requestBody")
          .putObject("content")
          .putObject("application/json")
          .set("schema", schema(3));
    }
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (String name : List.of("A", "B", "C")) {
      schemas.set(name, schema(3));
    }
    return document;
  }

  private ObjectNode schema(int depth) {
    ObjectNode schema = MAPPER.createObjectNode();
    if (chance(12)) {
      schema.put("$ref", "#/components/schemas/" + pick(List.of("A", "B", "C")));
      if (chance(50)) {
        return schema;
      }
    }
    String type = pick(depth == 0 ? TYPES.subList(2, TYPES.size()) : TYPES);
    if (chance(85)) {
      if (!openApi30 && chance(20)) {
        schema.putArray("type").add(type).add("null");
      } else if (!openApi30 && chance(5)) {
        schema.putArray("type").add("integer").add("number");
        type = "number";
      } else {
        schema.put("type", type);
      }
    }
    for (String each : TYPES) {
      if (each.equals(type) || chance(4)) {
        rules(schema, each, depth);
      }
    }
    if (openApi30 && chance(15)) {
      schema.put("nullable", random.nextBoolean());
    }
    if (chance(8)) {
      ArrayNode values = schema.putArray("enum");
      for (int i = 0; i < 3; i++) {
        values.add(value());
      }
    }
    if (chance(3)) {
      schema.set("const", value());
    }
    if (depth > 0 && chance(10)) {
      schema.putArray("allOf").add(schema(depth - 1)).add(schema(depth - 1));
    }
    if (chance(10)) {
      schema.put("description", "d").put("x-more", 1).put("readOnly", true);
    }
    if (chance(4)) {
      schema.setAll((ObjectNode) MAPPER.readTree("{" + pick(UNUSUAL) + "}"));
    }
    if (chance(1)) {
      schema.put(openApi30 ? "id" : "$id", "urn:other");
    }
    return schema;
  }

  private void rules(ObjectNode schema, String type, int depth) {
    switch (type) {
      case "object" -> {
        if (depth > 0 && chance(90)) {
          ObjectNode properties = schema.putObject("properties");
          for (String name : NAMES) {
            if (chance(50)) {
              properties.set(name, schema(depth - 1));
            }
          }
        }
        if (chance(50)) {
          schema.putArray("required").add(pick(NAMES));
        }
        if (depth > 0 && chance(40)) {
          schema.set(
              "additionalProperties",
              chance(50) ? MAPPER.readTree(String.valueOf(chance(50))) : schema(depth - 1));
        }
        maybe(schema, "minProperties", 8);
        maybe(schema, "maxProperties", 8);
      }
      case "array" -> {
        if (depth > 0 && chance(90)) {
          schema.set("items", schema(depth - 1));
        }
        maybe(schema, "minItems", 25);
        maybe(schema, "maxItems", 25);
      }
      case "string" -> {
        maybe(schema, "minLength", 25);
        maybe(schema, "maxLength", 40);
        if (chance(15)) {
          schema.put("pattern", pick(List.of("^[a-z0-9-]{1,40}$", "a", "(?=x)y", "^$|^.b")));
        }
        if (chance(15)) {
          schema.put("format", pick(List.of("date", "date-time", "uuid", "email", "unknown")));
        }
      }
      case "integer", "number" -> {
        for (String bound : List.of("minimum", "maximum")) {
          if (chance(25)) {
            schema.set(bound, MAPPER.readTree(pick(BOUNDS)));
          }
        }
        for (String bound : List.of("exclusiveMinimum", "exclusiveMaximum")) {
          if (chance(12)) {
            schema.set(bound, MAPPER.readTree(openApi30 ? "true" : pick(BOUNDS)));
          }
        }
        if (chance(20)) {
          schema.put("format", pick(List.of("int32", "int64", "double")));
        }
      }
      default -> {}
    }
  }

  private void maybe(ObjectNode schema, String keyword, int percent) {
    if (chance(percent)) {
      schema.put(keyword, random.nextInt(4));
    }
  }

  private JsonNode value() {
    String text = chance(50) ? "\"" + pick(TEXTS) + "\"" : pick(NUMBERS);
    return MAPPER.readTree(chance(80) ? text : pick(List.of("true", "null", "[1]", "{}", "2.50")));
  }

  /** A text that fits the schema of a document more or less. */
  String text(JsonNode document, JsonNode schema) {
    StringBuilder text = new StringBuilder();
    write(document, schema, 5, text);
    if (chance(2)) {
      text.append(pick(List.of(" 1", "}", " ", "\n", ",")));
    }
    return text.toString();
  }

  private void write(JsonNode document, JsonNode schema, int depth, StringBuilder text) {
    JsonNode at = schema;
    for (int hops = 0; hops < 3 && at.has("$ref"); hops++) {
      at = document.at(at.path("$ref").asString("").substring(1));
    }
    if (!chance(8) && at.path("enum").isArray()) {
      text.append(at.path("enum").get(random.nextInt(3)));
      return;
    }
    if (!chance(8) && at.has("const")) {
      text.append(at.path("const"));
      return;
    }
    JsonNode type =
        at.path("type").isArray() ? at.path("type").path(random.nextInt(2)) : at.path("type");
    switch (chance(4) || !type.isString() ? pick(TYPES) : type.stringValue()) {
      case "object" -> object(document, at, depth, text);
      case "array" -> {
        text.append('[');
        int least = chance(15) ? 0 : at.path("minItems").asInt(0);
        int count = depth == 0 ? 0 : least + random.nextInt(2);
        for (int i = 0; i < count; i++) {
          text.append(i > 0 ? "," : "");
          write(document, at.path("items"), depth - 1, text);
        }
        text.append(']');
      }
      case "string" -> text.append(chance(15) ? pick(ODD_TEXTS) : "\"" + pick(TEXTS) + "\"");
      case "integer" -> text.append(chance(80) ? String.valueOf(random.nextInt(4)) : pick(NUMBERS));
      case "number" -> text.append(pick(NUMBERS));
      case "boolean" -> text.append(random.nextBoolean());
      default -> text.append("null");
    }
  }

  private void object(JsonNode document, JsonNode schema, int depth, StringBuilder text) {
    text.append('{');
    boolean first = true;
    for (String name : NAMES) {
      boolean known = schema.path("properties").has(name);
      boolean needed = schema.path("required").path(0).asString("").equals(name);
      if (depth == 0 || chance(known ? 30 : needed ? 10 : 92)) {
        continue;
      }
      for (int times = chance(2) ? 2 : 1; times > 0; times--) {
        text.append(first ? "" : ", ").append('"').append(name).append("\": ");
        write(
            document,
            schema.path(known ? "properties" : "additionalProperties").path(known ? name : ""),
            depth - 1,
            text);
        first = false;
      }
    }
    text.append('}');
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
