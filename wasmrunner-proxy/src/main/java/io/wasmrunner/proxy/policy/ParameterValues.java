package io.wasmrunner.proxy.policy;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The parameters of one request, as the values that their texts stand for. */
final class ParameterValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, String> path;
  private final MultiMap headers;
  private final @Nullable String query;
  private @Nullable Map<String, List<String>> queryValues;
  private @Nullable Map<String, String> cookies;

  ParameterValues(Map<String, String> path, @Nullable String query, MultiMap headers) {
    this.path = path;
    this.query = query;
    this.headers = headers;
  }

  /** The value; null when the request does not have the parameter. */
  @Nullable JsonNode value(Parameter parameter) {
    return switch (parameter.in()) {
      case "path" -> simple(parameter, path.get(parameter.name()));
      case "header" -> simple(parameter, header(parameter.name()));
      case "cookie" -> simple(parameter, cookies().get(parameter.name()));
      default -> query(parameter);
    };
  }

  private @Nullable String header(String name) {
    List<String> all = headers.getAll(name);
    return all.isEmpty() ? null : all.size() == 1 ? all.get(0) : String.join(",", all);
  }

  private static @Nullable JsonNode simple(Parameter parameter, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (parameter.json()) {
      return JsonText.parameter(text);
    }
    Shape shape = parameter.shape();
    if (shape.isArray()) {
      return array(text.isEmpty() ? List.of() : List.of(text.split(",", -1)), shape, false);
    }
    if (shape.isObject()) {
      return object(text.split(",", -1), parameter.explode(), shape, false);
    }
    return Shape.value(text, shape.types());
  }

  private @Nullable JsonNode query(Parameter parameter) {
    Map<String, List<String>> all = queryValues();
    Shape shape = parameter.shape();
    if (parameter.style().equals("deepObject")) {
      return deep(parameter, all);
    }
    if (shape.isObject() && parameter.explode() && !parameter.json()) {
      ObjectNode object = NODES.objectNode();
      shape
          .properties()
          .forEach(
              (name, types) -> {
                List<String> values = all.get(name);
                if (values != null) {
                  object.set(name, Shape.value(QueryText.decoded(values.get(0)), types));
                }
              });
      return object.isEmpty() ? null : object;
    }
    List<String> values = all.get(parameter.name());
    if (values == null) {
      return null;
    }
    if (parameter.json()) {
      return JsonText.parameter(QueryText.decoded(values.get(0)));
    }
    if (shape.isArray()) {
      return parameter.explode()
          ? array(values, shape, true)
          : array(split(values.get(0), parameter.style()), shape, true);
    }
    if (shape.isObject()) {
      return object(values.get(0).split(",", -1), false, shape, true);
    }
    return Shape.value(QueryText.decoded(values.get(0)), shape.types());
  }

  private static JsonNode deep(Parameter parameter, Map<String, List<String>> all) {
    ObjectNode object = NODES.objectNode();
    String start = parameter.name() + "[";
    all.forEach(
        (name, values) -> {
          if (name.startsWith(start) && name.endsWith("]")) {
            String member = name.substring(start.length(), name.length() - 1);
            Set<String> types = parameter.shape().properties().getOrDefault(member, Set.of());
            object.set(member, Shape.value(QueryText.decoded(values.get(0)), types));
          }
        });
    return object.isEmpty() && !parameter.required() ? NODES.missingNode() : object;
  }

  private static List<String> split(String text, String style) {
    return List.of(
        switch (style) {
          case "spaceDelimited" -> text.split("%20|\\+", -1);
          case "pipeDelimited" -> text.split("\\||%7[cC]", -1);
          default -> text.split(",", -1);
        });
  }

  private static JsonNode array(List<String> texts, Shape shape, boolean encoded) {
    ArrayNode array = NODES.arrayNode();
    texts.forEach(
        text ->
            array.add(
                Shape.value(encoded ? QueryText.decoded(text) : text.strip(), shape.items())));
    return array;
  }

  private static JsonNode object(String[] parts, boolean pairs, Shape shape, boolean encoded) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = pairs && equals >= 0 ? parts[i].substring(0, equals) : parts[i];
      String value =
          pairs ? parts[i].substring(equals + 1) : i + 1 < parts.length ? parts[++i] : "";
      object.set(
          encoded ? QueryText.decoded(name) : name.strip(),
          Shape.value(
              encoded ? QueryText.decoded(value) : value.strip(),
              shape.properties().getOrDefault(name, Set.of())));
    }
    return object;
  }

  private Map<String, List<String>> queryValues() {
    Map<String, List<String>> known = queryValues;
    if (known == null) {
      Map<String, List<String>> read = new HashMap<>();
      if (query != null) {
        QueryText.each(
            query,
            (name, value) -> read.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value));
      }
      queryValues = read;
      known = read;
    }
    return known;
  }

  private Map<String, String> cookies() {
    Map<String, String> known = cookies;
    if (known == null) {
      known = new HashMap<>();
      for (String field : headers.getAll(HttpHeaders.COOKIE)) {
        for (Cookie cookie : ServerCookieDecoder.LAX.decode(field)) {
          known.putIfAbsent(cookie.name(), cookie.value());
        }
      }
      cookies = known;
    }
    return known;
  }
}
