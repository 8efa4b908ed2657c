package io.wasmrunner.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Compares JSON with the schemas of openapi.json, as far as that document uses JSON Schema. */
final class SchemaCheck {
  private final JsonObject document;

  SchemaCheck(JsonObject document) {
    this.document = document;
  }

  /** What does not fit; empty when all does. */
  List<String> violations(JsonObject schema, Object value) {
    List<String> found = new ArrayList<>();
    check(schema, value, "", found);
    return found;
  }

  private void check(JsonObject schema, Object value, String at, List<String> found) {
    if (schema.containsKey("$ref")) {
      String name = schema.getString("$ref").substring("#/components/schemas/".length());
      check(
          document.getJsonObject("components").getJsonObject("schemas").getJsonObject(name),
          value,
          at,
          found);
      return;
    }
    if (schema.containsKey("anyOf")) {
      boolean any =
          schema.getJsonArray("anyOf").stream()
              .anyMatch(one -> violations((JsonObject) one, value).isEmpty());
      if (!any) {
        found.add(at + " fits none of " + schema.getJsonArray("anyOf"));
      }
      return;
    }
    List<?> types =
        schema.getValue("type") instanceof JsonArray several
            ? several.getList()
            : List.of(schema.getValue("type"));
    if (!types.contains(type(value)) && !(value == null && types.contains("null"))) {
      found.add(at + " is " + type(value) + ", not " + types);
    } else if (value != null
        && schema.containsKey("enum")
        && !schema.getJsonArray("enum").contains(value)) {
      found.add(at + " is " + value + ", not in " + schema.getJsonArray("enum"));
    } else if (value instanceof JsonObject object) {
      checkObject(schema, object, at, found);
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        check(schema.getJsonObject("items"), array.getValue(i), at + "/" + i, found);
      }
    }
  }

  private void checkObject(JsonObject schema, JsonObject object, String at, List<String> found) {
    JsonObject properties = schema.getJsonObject("properties", new JsonObject());
    if (schema.getValue("additionalProperties", true) instanceof JsonObject every) {
      object.forEach(member -> check(every, member.getValue(), at + "/" + member.getKey(), found));
      return;
    }
    if (schema.getBoolean("additionalProperties", true)) {
      return;
    }
    Set<String> documented = properties.fieldNames();
    for (String name : object.fieldNames()) {
      if (documented.contains(name)) {
        check(properties.getJsonObject(name), object.getValue(name), at + "/" + name, found);
      } else {
        found.add(at + "/" + name + " is not documented");
      }
    }
    schema.getJsonArray("required").stream()
        .filter(name -> !object.containsKey((String) name))
        .forEach(name -> found.add(at + "/" + name + " is missing"));
  }

  private static String type(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof JsonObject) {
      return "object";
    }
    if (value instanceof JsonArray) {
      return "array";
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    if (value instanceof Double) {
      return "number";
    }
    return value instanceof Integer || value instanceof Long ? "integer" : "string";
  }
}
