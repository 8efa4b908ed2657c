package io.wasmrunner.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** What the doctor says, in one language. Immutable. */
final class DoctorWords {
  static final List<String> LANGUAGES = List.of("en", "es");

  private final Locale locale;
  private final Properties patterns = new Properties();

  DoctorWords(String language) {
    locale = Locale.forLanguageTag(language);
    String file = "doctor_" + language + ".properties";
    try (InputStream in = DoctorWords.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + file);
      }
      patterns.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was found. */
  String found(Finding finding) {
    return Terminal.text(
        text(finding.id() + "." + finding.words(), finding)
            .orElse(finding.id())
            .replace('\n', ' '));
  }

  /** How to fix it; empty when nothing is to be done. */
  String fix(Finding finding) {
    return text(finding.id() + "." + finding.words() + ".fix", finding).orElse("");
  }

  /** A word of the report. */
  String word(String key, Object... arguments) {
    return new MessageFormat(pattern(key).orElse(key), locale).format(arguments);
  }

  /** All keys. */
  Set<String> keys() {
    return patterns.stringPropertyNames();
  }

  private Optional<String> text(String key, Finding finding) {
    Object[] arguments =
        finding.arguments().stream()
            .map(argument -> argument instanceof Number ? argument : argument.toString())
            .toArray();
    return pattern(key).map(found -> new MessageFormat(found, locale).format(arguments));
  }

  private Optional<String> pattern(String key) {
    return Optional.ofNullable(patterns.getProperty(key));
  }
}
