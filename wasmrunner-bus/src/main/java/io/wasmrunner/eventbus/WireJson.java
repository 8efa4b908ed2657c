package io.wasmrunner.eventbus;

import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.model.Payload;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/** JSON of bus messages and model records: snake case, ISO times, durations as {@code PT5S}. */
public final class WireJson {
  private static final Map<String, Class<?>> TYPES =
      Arrays.stream(BusMessage.class.getPermittedSubclasses())
          .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .addModule(
              new SimpleModule()
                  .addSerializer(new PayloadWriter())
                  .addDeserializer(Payload.class, new PayloadReader()))
          .build();

  private WireJson() {}

  /** The mapper, for those who write model records elsewhere, such as the management API. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  static byte[] write(BusMessage message) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("type", message.getClass().getSimpleName());
    node.set("body", MAPPER.valueToTree(message));
    return MAPPER.writeValueAsBytes(node);
  }

  static BusMessage read(byte[] json) {
    JsonNode node = MAPPER.readTree(json);
    String type = node.path("type").asString("");
    Class<?> known = TYPES.get(type);
    if (known == null) {
      throw new IllegalArgumentException(
          "unknown bus message type \"" + type + "\": run the same version on every node");
    }
    return (BusMessage) MAPPER.treeToValue(node.path("body"), known);
  }

  private static final class PayloadWriter extends StdSerializer<Payload> {
    PayloadWriter() {
      super(Payload.class);
    }

    @Override
    public void serialize(Payload value, JsonGenerator out, SerializationContext context) {
      out.writeBinary(value.toByteArray());
    }
  }

  private static final class PayloadReader extends StdDeserializer<Payload> {
    PayloadReader() {
      super(Payload.class);
    }

    @Override
    public Payload deserialize(JsonParser in, DeserializationContext context) {
      return Payload.of(in.getBinaryValue());
    }
  }
}
