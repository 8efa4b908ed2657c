package io.wasmrunner.proxy.policy;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.sym.PropertyNameMatcher;

/**
 * One pass over a JSON text that says whether it surely fits a schema. It makes no tree of it, and
 * gives up where that takes more than the validator would do, too. For one text.
 */
final class QuickCheck {
  /** Values in values; the validator goes several schemas down for each. */
  private static final int DEEPEST = 64;

  /** Longer numbers may have more digits than a long or a double. */
  private static final int LONGEST_NUMBER = 15;

  private final JsonParser parser;
  private long steps;

  private QuickCheck(JsonParser parser, long steps) {
    this.parser = parser;
    this.steps = steps;
  }

  /**
   * Whether the whole text is one value, without members that come twice, which surely fits.
   *
   * @param parser at the beginning; it need not look for members that come twice
   * @param steps that the validator may make for it
   * @throws tools.jackson.core.JacksonException when it is no JSON
   */
  static boolean accepts(QuickSchema schema, JsonParser parser, long steps) {
    return new QuickCheck(parser, steps).value(schema, parser.nextToken(), 0)
        && parser.nextToken() == null;
  }

  private boolean value(QuickSchema schema, @Nullable JsonToken token, int depth) {
    steps -= schema.steps();
    if (steps < 0 || token == null) {
      return false;
    }
    return switch (token) {
      case START_OBJECT ->
          depth < DEEPEST
              && schema.allows(QuickSchema.OBJECT)
              && schema.object() != null
              && object(schema.object(), depth + 1);
      case START_ARRAY ->
          depth < DEEPEST
              && schema.allows(QuickSchema.ARRAY)
              && schema.array() != null
              && array(schema.array(), depth + 1);
      case VALUE_STRING -> schema.allows(QuickSchema.STRING) && text(schema.text());
      case VALUE_NUMBER_INT ->
          schema.allows(QuickSchema.INTEGER)
              && parser.getStringLength() <= LONGEST_NUMBER
              && schema.number().accepts(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> schema.allows(QuickSchema.DECIMAL) && decimal(schema.number());
      case VALUE_TRUE -> schema.allows(QuickSchema.TRUE);
      case VALUE_FALSE -> schema.allows(QuickSchema.FALSE);
      case VALUE_NULL -> schema.allows(QuickSchema.NULL);
      default -> false;
    };
  }

  private boolean object(QuickObject rules, int depth) {
    long seen = 0;
    int count = 0;
    Set<String> others = null;
    int name = parser.nextNameMatch(rules.names());
    while (name >= 0 || name == PropertyNameMatcher.MATCH_UNKNOWN_NAME) {
      QuickSchema schema;
      if (name >= 0) {
        long bit = 1L << name;
        if ((seen & bit) != 0) {
          return false;
        }
        seen |= bit;
        schema = rules.members().get(name);
      } else {
        others = others == null ? new HashSet<>() : others;
        if (!others.add(parser.currentName())) {
          return false;
        }
        schema = rules.rest();
      }
      if (!value(schema, parser.nextToken(), depth)) {
        return false;
      }
      count++;
      name = parser.nextNameMatch(rules.names());
    }
    return name == PropertyNameMatcher.MATCH_END_OBJECT && rules.accepts(seen, count);
  }

  private boolean array(QuickArray rules, int depth) {
    int count = 0;
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      if (++count > rules.most() || !value(rules.items(), token, depth)) {
        return false;
      }
      token = parser.nextToken();
    }
    return count >= rules.fewest();
  }

  private boolean text(QuickText rules) {
    // The length is that of the decoded text, so broken ones are found, whether it matters or not.
    int chars = parser.getStringLength();
    return rules.acceptsLength(chars) || rules.accepts(parser.getString());
  }

  /** Accepts no exponents: such numbers may be too large for a double, and exact ones only. */
  private boolean decimal(QuickNumber rules) {
    int length = parser.getStringLength();
    if (length > LONGEST_NUMBER) {
      return false;
    }
    char[] chars = parser.getStringCharacters();
    int from = parser.getStringOffset();
    for (int i = from; i < from + length; i++) {
      if (chars[i] == 'e' || chars[i] == 'E') {
        return false;
      }
    }
    return rules.takesAnyDecimal() || rules.accepts(parser.getDoubleValue());
  }
}
