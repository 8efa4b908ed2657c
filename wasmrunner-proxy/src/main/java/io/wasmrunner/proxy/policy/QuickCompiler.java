package io.wasmrunner.proxy.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Compiles schemas of the contract for the quick way, if everything in them is known here. Schemas
 * that hold for one value together ({@code allOf}, siblings of {@code $ref}) become one.
 */
final class QuickCompiler {
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "nullable",
          "enum",
          "const",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "properties",
          "required",
          "additionalProperties",
          "minProperties",
          "maxProperties",
          "items",
          "minItems",
          "maxItems",
          "allOf",
          "$ref");

  private static final Set<String> SAYS_NOTHING =
      Set.of(
          "title",
          "description",
          "default",
          "example",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "externalDocs",
          "xml",
          "$comment",
          "$defs",
          "definitions");

  /** With these somewhere above, references mean something else, or keywords do. */
  private static final Set<String> OTHER_BASE = Set.of("id", "$id", "$schema");

  private static final Pattern REFERENCE = Pattern.compile("#(/[A-Za-z0-9._-]+)+");

  /** References and allOf behind each other; the validator goes one schema down for each. */
  private static final int MOST_HOPS = 4;

  private static final int MOST_TOGETHER = 16;
  private static final int MOST_SCHEMAS = 500;

  private final boolean openApi30;
  private final Map<List<String>, QuickSchema> compiled = new HashMap<>();
  private final QuickSchema never;

  private QuickCompiler(boolean openApi30) {
    this.openApi30 = openApi30;
    QuickRules nothing = new QuickRules(openApi30);
    nothing.forbid();
    this.never = nothing.schema(1);
  }

  /** The schema for the quick way; empty when it says something that is not known here. */
  static Optional<QuickSchema> compile(Located schema, boolean openApi30) {
    try {
      requireOwnBase(schema);
      return Optional.of(new QuickCompiler(openApi30).schema(List.of(schema)));
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.empty(); // Whatever it is, the validator goes without the quick way.
    }
  }

  /** One for a value that all these hold for. */
  private QuickSchema schema(List<Located> all) {
    List<String> key = all.stream().map(Located::pointer).distinct().sorted().toList();
    QuickSchema known = compiled.get(key);
    if (known != null) {
      return known;
    }
    NotUnderstood.unless(compiled.size() < MOST_SCHEMAS);
    List<JsonNode> visited = new ArrayList<>();
    List<Located> plain = new ArrayList<>();
    QuickRules rules = new QuickRules(openApi30);
    all.forEach(each -> flatten(each, 0, plain, visited));
    int steps = 0;
    for (JsonNode each : visited) {
      steps += each.size() + 2;
      if (each.isBoolean() && !each.booleanValue()) {
        rules.forbid();
      }
    }
    plain.forEach(each -> rules.add(each.node()));
    QuickSchema schema = rules.schema(steps);
    compiled.put(key, schema);
    schema.link(members(plain), elements(plain));
    return schema;
  }

  /** Collects the schemas behind references and allOf. */
  private void flatten(Located at, int hops, List<Located> plain, List<JsonNode> visited) {
    NotUnderstood.unless(hops <= MOST_HOPS && visited.size() < MOST_TOGETHER);
    JsonNode schema = at.node();
    visited.add(schema);
    if (schema.isBoolean()) {
      NotUnderstood.unless(!openApi30);
      return;
    }
    NotUnderstood.unless(schema.isObject());
    for (String keyword : schema.propertyNames()) {
      boolean silent = SAYS_NOTHING.contains(keyword) || keyword.startsWith("x-");
      NotUnderstood.unless(silent || KNOWN.contains(keyword));
      // In 3.0 what stands beside a reference does not count.
      NotUnderstood.unless(silent || keyword.equals("$ref") || !openApi30 || !schema.has("$ref"));
    }
    if (schema.has("$ref")) {
      flatten(target(at), hops + 1, plain, visited);
    }
    if (schema.has("allOf")) {
      Located several = at.child("allOf");
      NotUnderstood.unless(several.node().isArray());
      for (int i = 0; i < several.node().size(); i++) {
        flatten(several.child(i), hops + 1, plain, visited);
      }
    }
    plain.add(at);
  }

  private static Located target(Located at) {
    String reference = at.node().path("$ref").asString("");
    NotUnderstood.unless(REFERENCE.matcher(reference).matches());
    String pointer = reference.substring(1);
    Located target = new Located(at.root(), pointer, at.root().at(pointer));
    requireOwnBase(target);
    return target;
  }

  private static void requireOwnBase(Located schema) {
    JsonNode node = schema.root();
    JsonPointer rest = JsonPointer.compile(schema.pointer());
    while (true) {
      for (String name : OTHER_BASE) {
        NotUnderstood.unless(!node.path(name).isString());
      }
      if (rest.matches()) {
        return;
      }
      node =
          node.isArray()
              ? node.path(rest.getMatchingIndex())
              : node.path(rest.getMatchingProperty());
      rest = rest.tail();
    }
  }

  private QuickObject members(List<Located> plain) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> required = new LinkedHashSet<>();
    int fewest = 0;
    int most = Integer.MAX_VALUE;
    for (Located each : plain) {
      JsonNode properties = each.node().path("properties");
      NotUnderstood.unless(properties.isMissingNode() || properties.isObject());
      names.addAll(properties.propertyNames());
      JsonNode needed = each.node().path("required");
      NotUnderstood.unless(needed.isMissingNode() || needed.isArray());
      for (JsonNode name : needed) {
        NotUnderstood.unless(name.isString());
        required.add(name.stringValue());
      }
      fewest = Math.max(fewest, QuickRules.count(each.node(), "minProperties", 0));
      most = Math.min(most, QuickRules.count(each.node(), "maxProperties", Integer.MAX_VALUE));
    }
    names.addAll(required);
    NotUnderstood.unless(names.size() <= QuickObject.MOST_MEMBERS);
    List<QuickSchema> members = new ArrayList<>();
    long needed = 0;
    for (String name : names) {
      needed |= required.contains(name) ? 1L << members.size() : 0;
      members.add(member(plain, name));
    }
    return new QuickObject(
        JsonText.names(names), List.copyOf(members), needed, rest(plain), fewest, most);
  }

  private QuickSchema member(List<Located> plain, String name) {
    List<Located> rules = new ArrayList<>();
    for (Located each : plain) {
      if (each.node().path("properties").has(name)) {
        rules.add(each.child("properties").child(name));
      } else if (!addAdditional(each, rules)) {
        return never;
      }
    }
    return schema(rules);
  }

  private QuickSchema rest(List<Located> plain) {
    List<Located> rules = new ArrayList<>();
    for (Located each : plain) {
      if (!addAdditional(each, rules)) {
        return never;
      }
    }
    return schema(rules);
  }

  /** Adds what is said about members without rules of their own; false when there may be none. */
  private static boolean addAdditional(Located schema, List<Located> rules) {
    JsonNode additional = schema.node().path("additionalProperties");
    if (additional.isObject()) {
      rules.add(schema.child("additionalProperties"));
      return true;
    }
    NotUnderstood.unless(additional.isMissingNode() || additional.isBoolean());
    return additional.isMissingNode() || additional.booleanValue();
  }

  private QuickArray elements(List<Located> plain) {
    List<Located> rules = new ArrayList<>();
    int fewest = 0;
    int most = Integer.MAX_VALUE;
    for (Located each : plain) {
      JsonNode items = each.node().path("items");
      NotUnderstood.unless(items.isMissingNode() || items.isObject());
      if (items.isObject()) {
        rules.add(each.child("items"));
      }
      fewest = Math.max(fewest, QuickRules.count(each.node(), "minItems", 0));
      most = Math.min(most, QuickRules.count(each.node(), "maxItems", Integer.MAX_VALUE));
    }
    return new QuickArray(schema(rules), fewest, most);
  }
}
