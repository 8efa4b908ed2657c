package io.wasmrunner.proxy.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a body may be.
 *
 * @param described whether the contract says anything about it
 * @param required whether there must be one
 * @param types what it may be, by media type or range
 */
record Content(boolean described, boolean required, Map<String, Entry> types) {
  /** Nothing is said. */
  static final Content NONE = new Content(false, false, Map.of());

  /**
   * One kind of body.
   *
   * @param shape types in its schema
   * @param schema checks it; null when there is nothing to check
   */
  record Entry(Shape shape, @Nullable SchemaCheck schema) {}

  /** The rules for a media type; null when the contract does not have it. */
  @Nullable Entry entry(String essence) {
    Entry exact = types.get(essence);
    if (exact != null) {
      return exact;
    }
    int slash = essence.indexOf('/');
    Entry range = slash < 0 ? null : types.get(essence.substring(0, slash + 1) + "*");
    return range != null ? range : types.get("*/*");
  }
}
