package io.wasmrunner.runtime;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces the values of secrets in lines by their names. A net for accidents: a guest that wants
 * to tell a secret can still spell it in another way. Values of fewer than 4 characters are not
 * replaced, since they stand in every other word. Immutable; thread-safe.
 */
final class SecretMask {
  static final SecretMask NONE = new SecretMask(Map.of());

  private static final int SHORTEST = 4;

  /** Text to hide and what to show in its place, the longest first. */
  private final List<Map.Entry<String, String>> hidden;

  SecretMask(Map<String, String> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach(
        (name, value) ->
            value
                .lines()
                .map(line -> CleanText.of(line).strip())
                .filter(line -> line.length() >= SHORTEST)
                .forEach(line -> texts.put(line, "[secret " + name + "]")));
    hidden =
        texts.entrySet().stream()
            .sorted(
                Comparator.comparing((Map.Entry<String, String> entry) -> -entry.getKey().length()))
            .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
            .toList();
  }

  String apply(String line) {
    String masked = line;
    for (Map.Entry<String, String> entry : hidden) {
      masked = masked.replace(entry.getKey(), entry.getValue());
    }
    return masked;
  }
}
