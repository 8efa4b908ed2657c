package io.wasmrunner.launcher;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The settings in force, each with its origin. Immutable. */
final class Configuration {
  /**
   * A value and where it comes from.
   *
   * @param text the value
   * @param origin {@code default}, a file, a variable, a property or a flag
   */
  record Value(String text, String origin) {}

  private final Map<Setting, Value> values;

  Configuration(Map<Setting, Value> values) {
    this.values = new EnumMap<>(values);
    for (Setting setting : Setting.values()) {
      this.values.putIfAbsent(setting, new Value(setting.fallback(), "default"));
    }
  }

  Value value(Setting setting) {
    Value value = values.get(setting);
    if (value == null) {
      throw new IllegalStateException("no value for " + setting);
    }
    return value;
  }

  String text(Setting setting) {
    return value(setting).text();
  }

  int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  boolean flag(Setting setting) {
    return Boolean.parseBoolean(text(setting));
  }

  Path path(Setting setting) {
    return Path.of(text(setting)).toAbsolutePath().normalize();
  }

  /** Whether someone chose the value, even if it equals the default. */
  boolean chosen(Setting setting) {
    return !value(setting).origin().equals("default");
  }

  /** One line per setting: key, value, origin. */
  String print() {
    StringBuilder text = new StringBuilder();
    for (Setting setting : Setting.values()) {
      Value value = value(setting);
      text.append(String.format("%-34s %-24s %s%n", setting.key(), value.text(), value.origin()));
    }
    return text.toString();
  }
}
