package io.wasmrunner.proxy.policy;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schema of which everything is understood, made to accept what surely fits it: what it does not
 * accept may fit all the same, and is for the validator to judge. Immutable once it is compiled; a
 * schema may lead back to itself.
 */
final class QuickSchema {
  static final int OBJECT = 1;
  static final int ARRAY = 1 << 1;
  static final int STRING = 1 << 2;
  static final int INTEGER = 1 << 3;
  static final int DECIMAL = 1 << 4;
  static final int TRUE = 1 << 5;
  static final int FALSE = 1 << 6;
  static final int NULL = 1 << 7;
  static final int ANY = (1 << 8) - 1;

  private final int types;
  private final int steps;
  private final QuickText text;
  private final QuickNumber number;
  private @Nullable QuickObject object;
  private @Nullable QuickArray array;

  /**
   * Makes one, without rules for objects and arrays.
   *
   * @param types bits of the types it allows
   * @param steps that the validator makes at most for a value, its parts left out
   */
  QuickSchema(int types, int steps, QuickText text, QuickNumber number) {
    this.types = types;
    this.steps = steps;
    this.text = text;
    this.number = number;
  }

  /** Sets the rules for parts, which may lead back here. */
  void link(QuickObject members, QuickArray elements) {
    object = members;
    array = elements;
  }

  boolean allows(int type) {
    return (types & type) != 0;
  }

  int steps() {
    return steps;
  }

  QuickText text() {
    return text;
  }

  QuickNumber number() {
    return number;
  }

  @Nullable QuickObject object() {
    return object;
  }

  @Nullable QuickArray array() {
    return array;
  }

  /** Whether a value without parts surely fits; never for others. */
  boolean acceptsScalar(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> allows(STRING) && text.accepts(value.stringValue());
      case BOOLEAN -> allows(value.booleanValue() ? TRUE : FALSE);
      case NULL -> allows(NULL);
      case NUMBER ->
          value.isIntegralNumber()
              ? allows(INTEGER) && value.canConvertToLong() && number.accepts(value.longValue())
              : value.isDouble()
                  && allows(DECIMAL)
                  && Double.isFinite(value.doubleValue())
                  && number.accepts(value.doubleValue());
      default -> false;
    };
  }
}
