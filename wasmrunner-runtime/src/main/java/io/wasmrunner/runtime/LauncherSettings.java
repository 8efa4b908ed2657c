package io.wasmrunner.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Settings of a launcher or a probe, which have passed its schema. */
final class LauncherSettings {
  private final Map<String, Object> settings;

  LauncherSettings(Map<String, Object> settings) {
    this.settings = settings;
  }

  String text(String key, String fallback) {
    return settings.get(key) instanceof String text ? text : fallback;
  }

  OptionalInt number(String key) {
    return settings.get(key) instanceof Number number
        ? OptionalInt.of(number.intValue())
        : OptionalInt.empty();
  }

  /** Texts of an array; none when it is missing. */
  List<String> texts(String key) {
    return settings.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Texts of an object by key; none when it is missing. */
  Map<String, String> map(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (settings.get(key) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
    }
    return texts;
  }
}
