package io.wasmrunner.proxy.policy;

import io.vertx.core.buffer.Buffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads JSON of strangers: strict, and within bounds. */
final class JsonText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(128)
                          .maxNumberLength(400)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonText() {}

  /** The text is no JSON. */
  static final class NoJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NoJsonException(String what) {
      super(what, null, false, false);
    }
  }

  /**
   * The value of a body.
   *
   * @throws NoJsonException when it is none; the message says where
   */
  static JsonNode body(Buffer body) throws NoJsonException {
    try {
      JsonNode node = MAPPER.readTree(body.getBytes());
      if (node.isMissingNode()) {
        throw new NoJsonException("nothing");
      }
      return node;
    } catch (JacksonException e) {
      var place = e.getLocation();
      throw new NoJsonException(
          place == null
              ? "something else"
              : "something else at line %d, column %d"
                  .formatted(place.getLineNr(), place.getColumnNr()));
    }
  }

  /** The value of a parameter; the text itself when it is no JSON. */
  static JsonNode parameter(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.stringNode(text);
    }
  }
}
