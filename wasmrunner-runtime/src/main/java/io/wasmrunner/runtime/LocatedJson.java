package io.wasmrunner.runtime;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A JSON document that knows where its parts stand in the file. */
final class LocatedJson {
  private final JsonNode root;
  private final Map<String, Place> values;
  private final Map<String, Place> keys;

  LocatedJson(JsonNode root, Map<String, Place> values, Map<String, Place> keys) {
    this.root = root;
    this.values = new HashMap<>(values);
    this.keys = new HashMap<>(keys);
  }

  JsonNode root() {
    return root;
  }

  /** Where the value at a pointer begins, or the nearest one around it. */
  Place ofValue(String pointer) {
    String at = pointer;
    while (true) {
      Place place = values.get(at);
      if (place != null) {
        return place;
      }
      if (at.isEmpty()) {
        return Place.WHOLE_FILE;
      }
      at = at.substring(0, at.lastIndexOf('/'));
    }
  }

  /** Where the key of the member at a pointer begins. */
  Place ofKey(String pointer) {
    Place place = keys.get(pointer);
    return place != null ? place : ofValue(pointer);
  }
}
