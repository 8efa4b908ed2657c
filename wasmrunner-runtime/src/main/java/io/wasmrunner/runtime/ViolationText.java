package io.wasmrunner.runtime;

import tools.jackson.databind.JsonNode;

/** Shows values of files in messages: short, on one line, without secrets. */
final class ViolationText {
  private static final int LONGEST = 60;

  private ViolationText() {}

  /** The value for a message; values of environment variables may be secrets and are not shown. */
  static String show(String pointer, JsonNode value) {
    if (pointer.startsWith("/env/")) {
      return kind(value);
    }
    if (value.isObject() || value.isArray()) {
      return value.isEmpty() ? kind(value) + " that is empty" : kind(value);
    }
    return value.isString() ? quote(value.stringValue()) : shorten(value.toString());
  }

  /** A text in quotes, cut and without control characters. */
  static String quote(String text) {
    return "\"" + shorten(text) + "\"";
  }

  private static String shorten(String text) {
    String oneLine = text.replaceAll("\\p{Cntrl}", "\uFFFD");
    return oneLine.length() <= LONGEST ? oneLine : oneLine.substring(0, LONGEST) + "…";
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "null";
    };
  }
}
