package io.wasmrunner.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the body of a healthy runner's answer holds. */
final class ExpectedBody {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int SHOWN = 100;

  private final String text;
  private final Map<String, JsonNode> values = new LinkedHashMap<>();

  /**
   * Something to expect.
   *
   * @param text has to be in it; "" for none
   * @param values JSON values by JSON pointer; none when the body needs to be no JSON
   */
  ExpectedBody(String text, Map<?, ?> values) {
    this.text = text;
    values.forEach(
        (pointer, value) -> this.values.put(pointer.toString(), MAPPER.valueToTree(value)));
  }

  boolean isAnything() {
    return text.isEmpty() && values.isEmpty();
  }

  /** What is wrong with a body, if something is. */
  Optional<String> fault(String body) {
    if (!body.contains(text)) {
      return Optional.of("the body does not contain \"" + cut(text) + "\"");
    }
    return values.isEmpty() ? Optional.empty() : faultOfJson(body);
  }

  private Optional<String> faultOfJson(String body) {
    JsonNode found;
    try {
      found = MAPPER.readTree(body);
    } catch (JacksonException e) {
      return Optional.of("the body is no JSON");
    }
    if (found.isMissingNode()) { // nothing at all
      return Optional.of("the body is no JSON");
    }
    for (Map.Entry<String, JsonNode> value : values.entrySet()) {
      JsonNode actual = found.at(value.getKey());
      if (!value.getValue().equals(ExpectedBody::compare, actual)) {
        String place = value.getKey().isEmpty() ? "the body" : value.getKey();
        String wanted = cut(value.getValue().toString());
        return Optional.of(
            actual.isMissingNode()
                ? "there is no " + place + ", which has to be " + wanted
                : place + " is " + cut(actual.toString()) + ", not " + wanted);
      }
    }
    return Optional.empty();
  }

  /** 1 and 1.0 are the same number. */
  private static int compare(JsonNode one, JsonNode other) {
    if (!one.isNumber() || !other.isNumber()) {
      return one.equals(other) ? 0 : 1;
    }
    return one.isIntegralNumber() && other.isIntegralNumber()
        ? one.bigIntegerValue().compareTo(other.bigIntegerValue())
        : Double.compare(one.asDouble(), other.asDouble());
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
