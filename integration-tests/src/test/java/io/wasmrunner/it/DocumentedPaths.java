package io.wasmrunner.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Paths of an OpenAPI contract, parameters filled with their examples. */
final class DocumentedPaths {
  private DocumentedPaths() {}

  /** Paths with a GET. */
  static List<String> of(JsonNode contract) {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : contract.path("paths").properties()) {
      if (path.getValue().has("get")) {
        paths.add(fill(path.getKey(), contract, path.getValue()));
      }
    }
    return paths;
  }

  private static String fill(String template, JsonNode contract, JsonNode item) {
    String path = template;
    for (JsonNode list : List.of(item.path("parameters"), item.path("get").path("parameters"))) {
      for (JsonNode given : list) {
        JsonNode parameter =
            given.has("$ref") ? contract.at(given.path("$ref").asString().substring(1)) : given;
        String example =
            parameter.has("example")
                ? parameter.path("example").asString()
                : parameter.path("schema").path("example").asString("1");
        path = path.replace("{" + parameter.path("name").asString() + "}", example);
      }
    }
    return path.replaceAll("\\{[^}]*\\}", "1");
  }
}
