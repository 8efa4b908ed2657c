package io.wasmrunner.model;

import java.util.List;

/**
 * Which answers are compressed for clients that accept it.
 *
 * @param types media types; one that ends with {@code /*} stands for all of its kind
 * @param minBytes answers that say they are shorter stay as they are
 * @param level effort, 1 to 9
 */
public record CompressionPolicy(List<String> types, int minBytes, int level) {
  /** Text in its usual forms, from 1 KiB on. */
  public static final CompressionPolicy DEFAULT =
      new CompressionPolicy(
          List.of(
              "text/*",
              "application/json",
              "application/problem+json",
              "application/javascript",
              "application/xml",
              "image/svg+xml"),
          1024,
          5);

  /** Copies the list. */
  public CompressionPolicy {
    types = List.copyOf(types);
    if (minBytes < 0 || level < 1 || level > 9) {
      throw new IllegalArgumentException("minBytes must be 0 or more, level 1 to 9");
    }
  }
}
