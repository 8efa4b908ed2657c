package io.wasmrunner.proxy.policy;

import com.networknt.schema.regex.RegularExpression;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says about texts.
 *
 * @param shortest code points at least
 * @param longest code points at most
 * @param only the only texts there may be; null for any
 * @param patterns what is to be found in them
 * @param formats what they are to be
 */
record QuickText(
    int shortest,
    int longest,
    @Nullable Set<String> only,
    List<RegularExpression> patterns,
    List<Predicate<String>> formats) {

  /** Whether a text of so many chars fits for sure without being looked at. */
  boolean acceptsLength(int chars) {
    return chars <= longest
        && (shortest == 0 || chars / 2 >= shortest) // Two chars are a code point at least.
        && only == null
        && patterns.isEmpty()
        && formats.isEmpty();
  }

  boolean accepts(String text) {
    if (text.length() > longest || shortest > 0) {
      int points = text.codePointCount(0, text.length());
      if (points > longest || points < shortest) {
        return false;
      }
    }
    if (only != null && !only.contains(text)) {
      return false;
    }
    for (Predicate<String> format : formats) {
      if (!format.test(text)) {
        return false;
      }
    }
    for (RegularExpression pattern : patterns) {
      if (!pattern.matches(text)) {
        return false;
      }
    }
    return true;
  }
}
