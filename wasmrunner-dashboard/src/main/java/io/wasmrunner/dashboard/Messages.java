package io.wasmrunner.dashboard;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** Every word of the pages in one language. Immutable; thread-safe. */
final class Messages {
  private final Locale locale;
  private final Map<String, String> patterns;

  private Messages(Locale locale, Map<String, String> patterns) {
    this.locale = locale;
    this.patterns = patterns;
  }

  /** The words of this language, from the jar. Blocks. */
  static Messages load(Locale locale) {
    Properties properties = new Properties();
    String file = "messages_" + locale.getLanguage() + ".properties";
    try (StringReader in = new StringReader(Resources.text(file))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> patterns = new TreeMap<>();
    properties.stringPropertyNames().forEach(k -> patterns.put(k, properties.getProperty(k)));
    return new Messages(locale, patterns);
  }

  /** The language. */
  Locale locale() {
    return locale;
  }

  /** Code of the language, for {@code lang} attributes. */
  String language() {
    return locale.getLanguage();
  }

  /** The words for a key, arguments filled in. */
  String text(String key, Object... arguments) {
    String pattern = patterns.get(key);
    if (pattern == null) {
      throw new IllegalArgumentException("no words for \"" + key + "\" in " + language());
    }
    return new MessageFormat(pattern, locale).format(arguments);
  }

  /** All keys. */
  Set<String> keys() {
    return patterns.keySet();
  }
}
