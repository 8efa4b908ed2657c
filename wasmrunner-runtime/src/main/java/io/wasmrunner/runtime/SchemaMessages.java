package io.wasmrunner.runtime;

import io.wasmrunner.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Says in words what the validator found. One object per file. */
final class SchemaMessages {
  static final String WRONG_VALUE = "WR-2013";
  static final String UNKNOWN_KEY = "WR-2014";
  static final String MISSING_KEY = "WR-2015";

  private final JsonNode schema;
  private final String file;
  private final LocatedJson json;

  SchemaMessages(JsonNode schema, String file, LocatedJson json) {
    this.schema = schema;
    this.file = file;
    this.json = json;
  }

  /**
   * Explains one finding.
   *
   * @param keyword schema keyword that was not met
   * @param pointer place in the document
   * @param keywordPointer place of the keyword in the schema
   * @param property property that is missing or not allowed
   * @param message what the validator itself says, for keywords that only plugins use
   */
  Violation explain(
      String keyword, String pointer, String keywordPointer, String property, String message) {
    int slash = keywordPointer.lastIndexOf('/');
    JsonNode rule = slash < 0 ? schema : schema.at(keywordPointer.substring(0, slash));
    return switch (keyword) {
      case "required" -> missing(pointer, property, rule);
      case "additionalProperties", "unevaluatedProperties" -> unknown(pointer, property, rule);
      case "propertyNames" -> badName(pointer, property, rule.path("propertyNames"));
      default -> wrong(pointer, rule, expected(keyword, rule, message), keyword);
    };
  }

  private Violation missing(String pointer, String property, JsonNode rule) {
    JsonNode known = resolve(properties(rule).path(property));
    String example = known.path("examples").path(0).toString();
    return at(
        MISSING_KEY,
        json.ofValue(pointer),
        pointer,
        "the key \"" + property + "\"",
        "none",
        example.isEmpty()
            ? "add \"" + property + "\""
            : "add it, for example \"" + property + "\": " + example);
  }

  private Violation unknown(String pointer, String property, JsonNode rule) {
    List<String> known = new ArrayList<>(properties(rule).propertyNames());
    known.remove("$schema");
    String key = JsonPointers.child(pointer, property);
    Optional<String> meant = Suggestion.nearest(property, known);
    String fix =
        meant
            .map(name -> "write \"" + name + "\"")
            .orElse("remove it, or begin its name with x- to keep it for yourself");
    String expected = known.isEmpty() ? "no such key" : "one of " + String.join(", ", known);
    return at(UNKNOWN_KEY, json.ofKey(key), key, expected, "\"" + property + "\"", fix);
  }

  private Violation badName(String pointer, String property, JsonNode rule) {
    String key = JsonPointers.child(pointer, property);
    int equals = property.indexOf('=');
    boolean assignment = equals >= 0 && ViolationText.confidential(pointer);
    return at(
        WRONG_VALUE,
        json.ofKey(key),
        assignment ? pointer : key,
        rule.path("title").asString("another key"),
        assignment
            ? ViolationText.quote(property.substring(0, equals)) + " with = and more"
            : ViolationText.quote(property),
        "write another key");
  }

  private Violation wrong(String pointer, JsonNode rule, String expected, String keyword) {
    JsonNode value = json.root().at(pointer);
    String place = pointer;
    if (value.isMissingNode()) {
      place = pointer.substring(0, pointer.lastIndexOf('/'));
      value = json.root().at(place);
    }
    String example = rule.path("examples").path(0).toString();
    String fix = example.isEmpty() ? "write " + expected : "write for example " + example;
    if (keyword.equals("enum")) {
      List<String> allowed = new ArrayList<>();
      rule.path("enum").forEach(each -> allowed.add(each.asString("")));
      fix =
          Suggestion.nearest(value.isString() ? value.stringValue() : "", allowed)
              .map(meant -> "write \"" + meant + "\"")
              .orElse("write one of them");
    } else if (keyword.equals("type") && value.isString() && isNumber(value.stringValue())) {
      fix = "remove the quotes";
    }
    return at(
        WRONG_VALUE, json.ofValue(place), place, expected, ViolationText.show(place, value), fix);
  }

  private static String expected(String keyword, JsonNode rule, String message) {
    String title = rule.path("title").asString("");
    String limit = rule.path(keyword).asString("");
    return switch (keyword) {
      case "type" -> title.isEmpty() ? types(rule.path("type")) : title + typeHint(rule);
      case "enum" -> "one of " + list(rule.path("enum"));
      case "const" -> rule.path("const").toString();
      case "minimum" -> describe(title) + "at least " + limit;
      case "maximum" -> describe(title) + "at most " + limit;
      case "pattern" -> title.isEmpty() ? "text that matches " + limit : title;
      case "minLength" -> describe(title) + "not empty";
      case "maxLength" -> describe(title) + "at most " + limit + " characters";
      case "minItems", "maxItems", "minProperties", "maxProperties" ->
          title.isEmpty() ? message : title;
      default -> message;
    };
  }

  private static String describe(String title) {
    return title.isEmpty() ? "" : title + ", ";
  }

  private static String typeHint(JsonNode rule) {
    String type = rule.path("type").asString("");
    return type.equals("integer") ? " (an integer)" : type.equals("string") ? " (a string)" : "";
  }

  private static String types(JsonNode type) {
    return type.isArray() ? "one of the types " + list(type) : "type " + type.asString("");
  }

  private static String list(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asString(value.toString())));
    return String.join(", ", texts);
  }

  private JsonNode properties(JsonNode rule) {
    JsonNode properties = rule.path("properties");
    // The keys of a schedule are required by rules inside the schema that lists them.
    return properties.isMissingNode() && rule.has("required")
        ? schema.at("/$defs/schedule_object/properties")
        : properties;
  }

  private JsonNode resolve(JsonNode rule) {
    String reference = rule.path("$ref").asString("");
    return reference.startsWith("#/") ? schema.at(reference.substring(1)) : rule;
  }

  private static boolean isNumber(String text) {
    return text.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
  }

  private Violation at(
      String code, Place place, String pointer, String expected, String got, String fix) {
    return new Violation(code, file, place.line(), place.column(), pointer, expected, got, fix);
  }
}
