package io.wasmrunner.proxy.policy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Collection;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.core.util.Named;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads JSON of strangers: strict, and within bounds. */
final class JsonText {
  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder().maxNestingDepth(128).maxNumberLength(400).build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(BOUNDS)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Leaves it to the reader to find members that come twice. */
  private static final JsonFactory STREAMS =
      JsonFactory.builder()
          .streamReadConstraints(BOUNDS)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
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

  /** Tells names of members apart as they are read. */
  static PropertyNameMatcher names(Collection<String> names) {
    return STREAMS.constructNameMatcher(names.stream().map(Named::fromString).toList(), false);
  }

  /** Whether a body is one value that surely fits a schema; what is no JSON does not. */
  static boolean surelyFits(Buffer body, QuickSchema schema, long steps) {
    try (JsonParser parser = stream(((BufferInternal) body).getByteBuf())) {
      return QuickCheck.accepts(schema, parser, steps);
    } catch (RuntimeException e) {
      return false; // The validator says what is wrong.
    }
  }

  /** Reads octets where they are, if they are on the heap. */
  private static JsonParser stream(ByteBuf octets) {
    return octets.hasArray()
        ? STREAMS.createParser(
            ObjectReadContext.empty(),
            octets.array(),
            octets.arrayOffset() + octets.readerIndex(),
            octets.readableBytes())
        : STREAMS.createParser(ObjectReadContext.empty(), ByteBufUtil.getBytes(octets));
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
