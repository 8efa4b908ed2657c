package io.wasmrunner.proxy.policy;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers what the schemas of one value say together about its type, and about texts and numbers.
 */
final class QuickRules {
  /** Up to here doubles tell all integers apart. */
  private static final BigDecimal LARGEST = BigDecimal.valueOf(1L << 53);

  /** What they match not is reported elsewhere. */
  private static final RegularExpressionFactory PATTERNS = new SafePattern(unchecked -> {});

  private final boolean nullable;
  private int types = QuickSchema.ANY;
  private int shortest;
  private int longest = Integer.MAX_VALUE;
  private long least = Long.MIN_VALUE;
  private long most = Long.MAX_VALUE;
  private double above = Double.NEGATIVE_INFINITY;
  private double below = Double.POSITIVE_INFINITY;
  private @Nullable Set<String> texts;
  private @Nullable Set<Long> integers;
  private final List<RegularExpression> patterns = new ArrayList<>(0);
  private final List<Predicate<String>> formats = new ArrayList<>(0);

  /**
   * Makes one without rules.
   *
   * @param openApi30 whether {@code nullable} and boolean exclusive bounds are in force
   */
  QuickRules(boolean openApi30) {
    this.nullable = openApi30;
  }

  QuickSchema schema(int steps) {
    return new QuickSchema(
        types,
        steps,
        new QuickText(shortest, longest, texts, List.copyOf(patterns), List.copyOf(formats)),
        new QuickNumber(least, most, above, below, integers));
  }

  /** Nothing fits any more. */
  void forbid() {
    types = 0;
  }

  /** Adds a schema; what it says about parts is left out. */
  void add(JsonNode schema) {
    boolean takesNull = nullable && isTrue(schema, "nullable");
    types(schema, takesNull);
    if (schema.has("enum")) {
      NotUnderstood.unless(schema.path("enum").isArray());
      only(schema.path("enum"), takesNull);
    }
    if (schema.has("const")) {
      NotUnderstood.unless(!nullable);
      only(List.of(schema.path("const")), false);
    }
    shortest = Math.max(shortest, count(schema, "minLength", 0));
    longest = Math.min(longest, count(schema, "maxLength", Integer.MAX_VALUE));
    if (schema.has("pattern")) {
      NotUnderstood.unless(schema.path("pattern").isString());
      patterns.add(PATTERNS.getRegularExpression(schema.path("pattern").stringValue()));
    }
    if (schema.has("format")) {
      NotUnderstood.unless(schema.path("format").isString());
      format(schema.path("format").stringValue());
    }
    bound(schema, "minimum", "exclusiveMinimum", true);
    bound(schema, "maximum", "exclusiveMaximum", false);
  }

  /** A number that counts something. */
  static int count(JsonNode schema, String keyword, int otherwise) {
    JsonNode number = schema.path(keyword);
    if (number.isMissingNode()) {
      return otherwise;
    }
    NotUnderstood.unless(number.isInt() && number.intValue() >= 0);
    return number.intValue();
  }

  private void types(JsonNode schema, boolean takesNull) {
    JsonNode type = schema.path("type");
    if (type.isMissingNode()) {
      return;
    }
    int allowed = takesNull ? QuickSchema.NULL : 0;
    for (JsonNode each : type.isArray() ? type : List.of(type)) {
      allowed |= bits(each.asString(""));
    }
    types &= allowed;
  }

  private static int bits(String type) {
    return switch (type) {
      case "object" -> QuickSchema.OBJECT;
      case "array" -> QuickSchema.ARRAY;
      case "string" -> QuickSchema.STRING;
      case "integer" -> QuickSchema.INTEGER;
      case "number" -> QuickSchema.INTEGER | QuickSchema.DECIMAL;
      case "boolean" -> QuickSchema.TRUE | QuickSchema.FALSE;
      case "null" -> QuickSchema.NULL;
      default -> throw new NotUnderstood();
    };
  }

  /** Leaves those values; decimals, arrays and objects are not compared. */
  private void only(Iterable<JsonNode> values, boolean takesNull) {
    int allowed = takesNull ? QuickSchema.NULL : 0;
    Set<String> strings = new HashSet<>();
    Set<Long> numbers = new HashSet<>();
    for (JsonNode value : values) {
      if (value.isString()) {
        allowed |= QuickSchema.STRING;
        strings.add(value.stringValue());
      } else if (value.isIntegralNumber() && value.canConvertToLong()) {
        allowed |= QuickSchema.INTEGER;
        numbers.add(value.longValue());
      } else if (value.isBoolean()) {
        allowed |= value.booleanValue() ? QuickSchema.TRUE : QuickSchema.FALSE;
      } else if (value.isNull()) {
        allowed |= QuickSchema.NULL;
      }
    }
    types &= allowed;
    texts = both(texts, strings);
    integers = both(integers, numbers);
  }

  private static <T> Set<T> both(@Nullable Set<T> before, Set<T> more) {
    if (before != null) {
      more.retainAll(before);
    }
    return Set.copyOf(more);
  }

  private void format(String name) {
    SafeFormats.text(name).ifPresent(formats::add);
    if (name.equals("int32")) {
      least = Math.max(least, Integer.MIN_VALUE);
      most = Math.min(most, Integer.MAX_VALUE);
    }
  }

  private void bound(JsonNode schema, String inclusive, String exclusive, boolean lower) {
    JsonNode open = schema.path(exclusive);
    NotUnderstood.unless(open.isMissingNode() || (nullable ? open.isBoolean() : open.isNumber()));
    if (schema.has(inclusive)) {
      bound(schema, schema.path(inclusive), open.isBoolean() && open.booleanValue(), lower);
    }
    if (open.isNumber()) {
      bound(schema, open, true, lower);
    }
  }

  private void bound(JsonNode schema, JsonNode number, boolean exclusive, boolean lower) {
    NotUnderstood.unless(number.isNumber());
    BigDecimal bound = new BigDecimal(number.asString());
    NotUnderstood.unless(bound.abs().compareTo(LARGEST) <= 0);
    if (lower) {
      long first = bound.setScale(0, RoundingMode.CEILING).longValueExact();
      boolean whole = bound.compareTo(BigDecimal.valueOf(first)) == 0;
      least = Math.max(least, exclusive && whole ? first + 1 : first);
      above = Math.max(above, bound.doubleValue());
    } else {
      long last = bound.setScale(0, RoundingMode.FLOOR).longValueExact();
      boolean whole = bound.compareTo(BigDecimal.valueOf(last)) == 0;
      most = Math.min(most, exclusive && whole ? last - 1 : last);
      below = Math.min(below, bound.doubleValue());
    }
    if (schema.path("type").toString().contains("\"integer\"")) {
      types &= ~QuickSchema.DECIMAL; // The validator compares without their fraction.
    }
  }

  private static boolean isTrue(JsonNode schema, String keyword) {
    return schema.path(keyword).isBoolean() && schema.path(keyword).booleanValue();
  }
}
