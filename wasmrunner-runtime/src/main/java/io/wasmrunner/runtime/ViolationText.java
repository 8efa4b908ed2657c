package io.wasmrunner.runtime;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Shows values of files in messages: short, on one line, without secrets. */
final class ViolationText {
  private static final int LONGEST = 60;

  /**
   * Where secrets are, or are put by mistake: environment variables, of the guest as of launchers
   * and probes; sources of secrets; keys and hashes of logins.
   */
  private static final Pattern CONFIDENTIAL =
      Pattern.compile("(.*/)?env(/.*)?|/secrets/.*|/auth/(api_key/keys|basic/users)/.*");

  private ViolationText() {}

  /** Whether what stands there may be a secret. */
  static boolean confidential(String pointer) {
    return CONFIDENTIAL.matcher(pointer).matches();
  }

  /** The value for a message; where it may be a secret, only its kind. */
  static String show(String pointer, JsonNode value) {
    if (confidential(pointer) && value.isValueNode()) {
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
