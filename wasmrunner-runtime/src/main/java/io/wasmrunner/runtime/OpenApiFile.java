package io.wasmrunner.runtime;

import io.wasmrunner.model.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What the runtime needs to know of an openapi.json.
 *
 * @param text the whole file
 * @param version {@code info.version}
 * @param getPaths paths that can be read with GET, without slashes at the ends
 */
record OpenApiFile(String text, Optional<String> version, Set<String> getPaths) {
  static final String BAD_OPENAPI = "WR-2030";

  private static final int LIMIT = 8 << 20;

  /** Reads it; violations and nothing when it is no OpenAPI document. */
  static Optional<OpenApiFile> read(ServiceFolder folder, List<Violation> violations) {
    String file = folder.label(ServiceFolder.OPENAPI_JSON);
    return folder
        .read(ServiceFolder.OPENAPI_JSON, LIMIT)
        .flatMap(bytes -> JsonFileReader.decode(file, bytes, violations))
        .flatMap(
            text ->
                JsonFileReader.parse(file, text, violations)
                    .flatMap(json -> of(file, text, json, violations)));
  }

  private static Optional<OpenApiFile> of(
      String file, String text, LocatedJson json, List<Violation> violations) {
    JsonNode root = json.root();
    Place start = json.ofValue("");
    if (!root.path("openapi").isString() || !root.path("paths").isObject()) {
      violations.add(
          new Violation(
              BAD_OPENAPI,
              file,
              start.line(),
              start.column(),
              "",
              "an OpenAPI document with the keys openapi and paths",
              "a JSON document without them",
              "write an OpenAPI 3 document, or remove the file"));
      return Optional.empty();
    }
    Set<String> paths = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      if (path.getValue().has("get")) {
        paths.add(trimSlashes(path.getKey()));
      }
    }
    String version = root.path("info").path("version").asString("");
    return Optional.of(
        new OpenApiFile(
            text, version.isBlank() ? Optional.empty() : Optional.of(version), Set.copyOf(paths)));
  }

  /** The path without slashes at its ends, as the original compares it. */
  static String trimSlashes(String path) {
    return path.replaceAll("^/+|/+$", "");
  }
}
