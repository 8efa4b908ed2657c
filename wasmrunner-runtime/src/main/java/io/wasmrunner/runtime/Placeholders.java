package io.wasmrunner.runtime;

import java.util.Collection;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills placeholders, names in braces, in words of command lines; two opening braces are one. */
final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{|\\{([a-z_]+)(?::[^}]*)?}");

  private Placeholders() {}

  /**
   * A word with its placeholders filled.
   *
   * @param value the value by name; throws for an unknown name
   */
  static String fill(String word, UnaryOperator<String> value) {
    return PLACEHOLDER
        .matcher(word)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1) == null ? "{" : value.apply(match.group(1))));
  }

  /**
   * What to throw for an unknown name.
   *
   * @param near names that may have been meant
   * @param known all names, for people
   */
  static IllegalArgumentException unknown(
      String name, String word, Collection<String> near, String known) {
    return new IllegalArgumentException(
        "unknown placeholder {"
            + name
            + "} in \""
            + word
            + "\""
            + Suggestion.nearest(name, near)
                .map(meant -> "; did you mean {" + meant + "}?")
                .orElse("; known are " + known));
  }
}
