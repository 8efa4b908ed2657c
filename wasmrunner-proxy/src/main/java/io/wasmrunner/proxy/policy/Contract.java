package io.wasmrunner.proxy.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An openapi.json, compiled. Immutable. */
final class Contract {
  private final PathTree<PathItem> paths;

  /**
   * A path.
   *
   * @param template as it is written
   * @param operations by method
   */
  record PathItem(String template, Map<String, Operation> operations) {}

  /**
   * Where a request belongs.
   *
   * @param path the path; null when the contract does not have it
   * @param operation the method; null when the path does not have it
   * @param parameters parameters of the path, decoded
   */
  record Match(
      @Nullable PathItem path, @Nullable Operation operation, Map<String, String> parameters) {
    static final Match NONE = new Match(null, null, Map.of());
  }

  Contract(PathTree<PathItem> paths) {
    this.paths = paths;
  }

  /** What the contract has for a request. */
  Match match(String method, String path) {
    PathTree.Found<PathItem> found = paths.find(path);
    if (found == null) {
      return Match.NONE;
    }
    Map<String, Operation> operations = found.value().operations();
    Operation operation = operations.get(method);
    if (operation == null && method.equals("HEAD")) {
      operation = operations.get("GET");
    }
    return new Match(found.value(), operation, found.parameters());
  }
}
