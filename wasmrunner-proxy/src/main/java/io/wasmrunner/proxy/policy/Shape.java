package io.wasmrunner.proxy.policy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Types that a schema allows: texts of parameters and forms become values of these.
 *
 * @param types names of types; empty for any
 * @param items types of elements
 * @param properties types of members
 */
record Shape(Set<String> types, Set<String> items, Map<String, Set<String>> properties) {
  private static final int DEEPEST = 5;
  private static final int LONGEST_NUMBER = 40;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** For what has no schema. */
  static final Shape ANY = new Shape(Set.of(), Set.of(), Map.of());

  static Shape of(Located schema) {
    Set<String> types = new HashSet<>();
    Set<String> items = new HashSet<>();
    Map<String, Set<String>> properties = new HashMap<>();
    collect(schema, types, items, properties, 0);
    return new Shape(Set.copyOf(types), Set.copyOf(items), Map.copyOf(properties));
  }

  boolean isArray() {
    return types.contains("array");
  }

  boolean isObject() {
    return types.contains("object");
  }

  private static void collect(
      Located schema,
      Set<String> types,
      Set<String> items,
      Map<String, Set<String>> properties,
      int depth) {
    if (depth > DEEPEST || !schema.node().isObject()) {
      return;
    }
    JsonNode type = schema.node().path("type");
    if (type.isString()) {
      types.add(type.stringValue());
    }
    type.forEach(each -> types.add(each.asString("")));
    if (schema.node().has("items")) {
      collect(schema.member("items"), items, new HashSet<>(), new HashMap<>(), depth + 1);
    }
    Located members = schema.member("properties");
    for (String name : members.node().propertyNames()) {
      collect(
          members.member(name),
          properties.computeIfAbsent(name, any -> new HashSet<>()),
          new HashSet<>(),
          new HashMap<>(),
          depth + 1);
    }
    for (String several : new String[] {"allOf", "anyOf", "oneOf"}) {
      Located all = schema.member(several);
      for (int i = 0; i < all.node().size(); i++) {
        collect(all.element(i), types, items, properties, depth + 1);
      }
    }
  }

  /** The value that a text stands for; the text itself when it is none of the types. */
  static JsonNode value(String text, Set<String> types) {
    if (text.length() <= LONGEST_NUMBER
        && !text.isEmpty()
        && (types.contains("integer") || types.contains("number"))
        && isNumber(text)) {
      try {
        return NODES.numberNode(Long.parseLong(text));
      } catch (NumberFormatException noLong) {
        double number = Double.parseDouble(text);
        if (Double.isFinite(number)) {
          return NODES.numberNode(number);
        }
      }
    }
    if (types.contains("boolean") && (text.equals("true") || text.equals("false"))) {
      return NODES.booleanNode(text.equals("true"));
    }
    return NODES.stringNode(text);
  }

  /** A number as JSON writes it. */
  private static boolean isNumber(String text) {
    int at = text.charAt(0) == '-' ? 1 : 0;
    int digits = digits(text, at);
    if (digits == 0 || (digits > 1 && text.charAt(at) == '0')) {
      return false;
    }
    at += digits;
    if (at < text.length() && text.charAt(at) == '.') {
      digits = digits(text, at + 1);
      at += digits + 1;
      if (digits == 0) {
        return false;
      }
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      at += at < text.length() && "+-".indexOf(text.charAt(at)) >= 0 ? 1 : 0;
      digits = digits(text, at);
      at += digits;
      return digits > 0 && at == text.length();
    }
    return at == text.length();
  }

  private static int digits(String text, int from) {
    int to = from;
    while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
      to++;
    }
    return to - from;
  }
}
