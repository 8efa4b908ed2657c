package io.wasmrunner.runtime;

import io.wasmrunner.spi.RunnerSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line with placeholders. There is no shell: a word stays one word, whatever is put into
 * it.
 */
final class CommandTemplate {
  private static final Pattern ENVIRONMENT = Pattern.compile("\\{env(?::(.*))?}", Pattern.DOTALL);
  private static final long PAGE_BYTES = 64 << 10;

  private final List<String> words;

  /**
   * Checks a command line.
   *
   * @throws IllegalArgumentException when it holds an unknown placeholder or a NUL character
   */
  CommandTemplate(List<String> words) {
    this.words = List.copyOf(words);
    Map<String, String> known = values("", "", "", 0, 0);
    for (String word : words) {
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a word of the command holds a NUL character");
      }
      if (!ENVIRONMENT.matcher(word).matches()) {
        fill(word, known);
      }
    }
  }

  /** The words for one runner. */
  List<String> words(RunnerSpec spec) {
    Map<String, String> values =
        values(
            spec.module().toAbsolutePath().toString(),
            spec.address().host(),
            Integer.toString(spec.address().port()),
            spec.id().index(),
            spec.memoryLimitBytes());
    List<String> filled = new ArrayList<>();
    for (String word : words) {
      Matcher environment = ENVIRONMENT.matcher(word);
      if (environment.matches()) {
        String option = environment.group(1);
        filled.addAll(environment(option == null ? "" : option, spec.environment()));
      } else {
        filled.add(fill(word, values));
      }
    }
    return filled;
  }

  /** {@code OPTION NAME=VALUE} for each variable; one word when the option ends with = or is "". */
  static List<String> environment(String option, Map<String, String> environment) {
    List<String> expanded = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              String variable = name + "=" + value;
              if (option.isEmpty() || option.endsWith("=")) {
                expanded.add(option + variable);
              } else {
                expanded.add(option);
                expanded.add(variable);
              }
            });
    return expanded;
  }

  static long pages(long bytes) {
    return bytes / PAGE_BYTES;
  }

  private static Map<String, String> values(
      String module, String host, String port, int index, long memoryBytes) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("module", module);
    values.put("host", host);
    values.put("port", port);
    values.put("index", Integer.toString(index));
    values.put("memory_mb", Long.toString(memoryBytes >> 20));
    values.put("memory_pages", Long.toString(pages(memoryBytes)));
    return values;
  }

  private static String fill(String word, Map<String, String> values) {
    return Placeholders.fill(
        word,
        name -> {
          String value = values.get(name);
          if (value == null) {
            throw name.equals("env")
                ? new IllegalArgumentException(
                    "{env} has to be a word of its own, not a part of \"" + word + "\"")
                : Placeholders.unknown(
                    name, word, values.keySet(), "env and " + String.join(", ", values.keySet()));
          }
          return value;
        });
  }
}
