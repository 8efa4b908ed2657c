package io.wasmrunner.proxy.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.function.Consumer;

/**
 * Regular expressions whose time grows with their text and no faster: RE2/J. What it does not have
 * (look-around, back references), and what would become too large, is not checked, and reported.
 */
final class SafePattern implements RegularExpressionFactory {
  private static final int LONGEST = 2_000;
  private static final int MOST_STATES = 5_000;

  /** Steps that one match may take: about a tenth of a second. A text that needs more fits not. */
  private static final long MOST_STEPS = 5_000_000;

  private final Consumer<String> unchecked;

  SafePattern(Consumer<String> unchecked) {
    this.unchecked = unchecked;
  }

  @Override
  public RegularExpression getRegularExpression(String regex) {
    long states = regex.length() > LONGEST ? Long.MAX_VALUE : PatternSize.of(regex);
    if (states > MOST_STATES) {
      unchecked.accept("the pattern " + shortened(regex) + " is too large");
      return any -> true;
    }
    try {
      Pattern pattern = Pattern.compile(regex);
      long longest = MOST_STEPS / Math.max(1, states);
      return text -> text.length() <= longest && pattern.matcher(text).find();
    } catch (PatternSyntaxException e) {
      unchecked.accept("the pattern " + shortened(regex) + " is not supported");
      return any -> true;
    }
  }

  private static String shortened(String regex) {
    return regex.length() <= 60 ? regex : regex.substring(0, 60) + "…";
  }
}
