package io.wasmrunner.proxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class QuickCheckTest {
  private static final int PATHS = 40;

  /**
   * The quick way may leave a value to the validator, but accepts none that the validator refuses.
   */
  @ParameterizedTest
  @CsvSource({"false, 1", "true, 2", "false, 3", "true, 4"})
  void whatItAcceptsTheValidatorAccepts(boolean openApi30, long seed) {
    RandomSchemas schemas = new RandomSchemas(new Random(seed), openApi30);
    int fitting = 0;
    int accepted = 0;
    for (int round = 0; round < 3; round++) {
      ObjectNode document = schemas.document(PATHS);
      List<String> told = new ArrayList<>();
      Contract contract =
          ContractCompiler.compile(document.toString(), true, (m, p, what) -> told.add(p + what));
      for (int path = 0; path < PATHS; path++) {
        SchemaCheck check = check(contract, "/" + path);
        if (check == null) {
          String at = "/" + path + "the schema at ";
          assertThat(told)
              .as("the validator cannot use it")
              .anyMatch(what -> what.startsWith(at) && what.contains("not allowed to be loaded"));
          continue;
        }
        JsonNode schema =
            document.at("/paths/~1" + path + "/post/requestBody/content/application~1json/schema");
        for (int i = 0; i < 12; i++) {
          String text = schemas.text(document, schema);
          Optional<JsonNode> value = value(text);
          boolean fits = value.filter(each -> fits(check, each)).isPresent();
          boolean quick = check.surelyFits(Buffer.buffer(text));
          assertThat(!quick || fits)
              .as("%s is accepted by %s of %s", text, schema, document)
              .isTrue();
          value.ifPresent(
              each ->
                  assertThat(check.check(each, "body", "", SchemaCheck.MANY_STEPS).isEmpty())
                      .as("%s, by %s of %s", text, schema, document)
                      .isEqualTo(fits));
          fitting += fits ? 1 : 0;
          accepted += quick ? 1 : 0;
        }
      }
    }
    assertThat(fitting).isGreaterThan(500);
    assertThat(accepted).as("of %s that fit", fitting).isGreaterThan(fitting / 2);
  }

  /** So that it cannot become useless unseen. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": 1, \"lines\": [{\"sku\": \"a-1\"}]}",
        "{\"id\": 1.5, \"lines\": [{\"sku\": \"a-1\", \"count\": 1, \"price\": 12.50, \"gift\": true}]}",
        " { \"lines\" : [ { \"sku\" : \"\u00e9\\u00e9\" } ] , \"id\" : -1 , \"more\" : { \"a\" : [ null ] } } ",
        "{\"id\": 0, \"lines\": [{\"sku\": \"x\"}, {\"sku\": \"y\"}], \"note\": null, \"date\": \"2026-01-31\"}",
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\"}], \"kind\": \"new\", \"parent\": {\"id\": 2, \"lines\": [{\"sku\": \"b\"}]}}",
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\"}], \"at\": \"2026-01-31T12:00:00.5+01:00\", \"labels\": {\"a\": \"b\"}}"
      })
  void ordinaryValuesAreAcceptedAtOnce(String text) {
    assertThat(orders().surelyFits(Buffer.buffer(text))).isTrue();
  }

  /** Whether they fit or not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\"}]} 1",
        "{\"id\": 1, \"id\": 1, \"lines\": [{\"sku\": \"a\"}]}",
        "{\"id\": 1, \"more\": 1, \"more\": 1, \"lines\": [{\"sku\": \"a\"}]}",
        "{\"id\": 1, \"more\": {\"a\": 1, \"\\u0061\": 1}, \"lines\": [{\"sku\": \"a\"}]}",
        "{\"id\": 1e400, \"lines\": [{\"sku\": \"a\"}]}",
        "{\"id\": 12345678901234567890, \"lines\": [{\"sku\": \"a\"}]}",
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\", \"count\": 1.0}]}",
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\", \"count\": 0}]}",
        "{\"id\": 1, \"lines\": []}",
        "{\"lines\": [{\"sku\": \"a\"}]}",
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\"}], \"date\": \"2026-02-30\"}"
      })
  void whatIsNotSureIsLeftToTheValidator(String text) {
    assertThat(orders().surelyFits(Buffer.buffer(text))).isFalse();
  }

  /** Where the validator has ways of its own, or a schema says what is not known. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "{\"type\": [\"integer\", \"number\"], \"exclusiveMinimum\": 1} | 1.5",
        "{\"minimum\": 9007199254740993} | 9007199254740994",
        "{\"minimum\": 0.5} | 0.5",
        "{\"minItems\": 2} | [1]",
        "{\"maxItems\": 0} | [1]",
        "{\"enum\": [1.5, [1]]} | 1.5",
        "{\"items\": {\"$ref\": \"#/components/schemas/Other/properties/x\"}} | [1]",
        "{\"items\": {\"$ref\": \"#/components/schemas/Round\"}} | [1]",
        "{\"$id\": \"urn:this\"} | 1",
        "{\"oneOf\": [{}]} | 1",
        "{\"properties\": {\"a\": {\"uniqueItems\": true}}} | 1",
        "{\"unknown\": 1} | 1",
        "{\"maximum\": 1e400} | 1",
        "{\"required\": [\"\"], \"properties\": {\"\": {\"type\": \"string\"}}} | {\"\": 1}"
      })
  void edgesAreLeftToTheValidator(String schema, String text) {
    String document =
        """
        {"openapi": "3.1.0", "paths": {"/x": {"post": {"requestBody": {"content": {
          "application/json": {"schema": %s}}}}}},
         "components": {"schemas": {"Other": {"$id": "urn:other", "properties": {"x": {}}},
          "Round": {"$ref": "#/components/schemas/Round"}}}}
        """
            .formatted(schema);
    SchemaCheck check = check(ContractCompiler.compile(document, true, (m, p, what) -> {}), "/x");

    assertThat(check.surelyFits(Buffer.buffer(text))).isFalse();
  }

  @Test
  void brokenTextsAreNotAccepted() {
    byte[] text =
        "{\"id\": 1, \"lines\": [{\"sku\": \"a\"}], \"x\": \"?\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(orders().surelyFits(Buffer.buffer(text))).isTrue();
    for (int octet : new int[] {0x80, 0xc3, 0xff, 0x01}) {
      text[text.length - 3] = (byte) octet;
      assertThat(orders().surelyFits(Buffer.buffer(text))).isFalse();
    }
  }

  /** As deep as the validator goes, and no further. */
  @Test
  void depthAndEffortHaveABound() {
    String order = "{\"id\": 1, \"lines\": [{\"sku\": \"a\"}]";
    assertThat(orders().surelyFits(nested(order, 60))).isTrue();
    assertThat(orders().surelyFits(nested(order, 64))).isFalse();
    String lines = "{\"sku\": \"a\"}" + ",{\"sku\": \"a\"}".repeat(1_000);
    assertThat(orders().surelyFits(many(lines))).isTrue();
    assertThat(orders().surelyFits(many(lines + ("," + lines).repeat(50)))).isFalse();
  }

  private static Buffer nested(String order, int times) {
    return Buffer.buffer(order + (", \"parent\": " + order).repeat(times) + "}".repeat(times + 1));
  }

  private static Buffer many(String lines) {
    return Buffer.buffer("{\"id\": 1, \"lines\": [" + lines + "]}");
  }

  private static SchemaCheck orders() {
    Contract contract =
        ContractCompiler.compile(
            """
            {"openapi": "3.1.0", "paths": {"/orders": {"post": {"requestBody": {"content": {
              "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}},
             "components": {"schemas": {
              "Entity": {"type": "object", "required": ["id"], "properties": {"id": {"type": "number"}}},
              "Order": {"title": "An order", "type": "object", "required": ["lines"],
               "allOf": [{"$ref": "#/components/schemas/Entity"}],
               "properties": {"lines": {"type": "array", "minItems": 1,
                 "items": {"$ref": "#/components/schemas/Line"}},
                "note": {"type": ["string", "null"]}, "date": {"type": "string", "format": "date"},
                "at": {"type": "string", "format": "date-time"}, "kind": {"enum": ["new", "old"]},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "parent": {"$ref": "#/components/schemas/Order", "description": "where it is from"}}},
              "Line": {"type": "object", "required": ["sku"], "additionalProperties": false, "properties": {
               "sku": {"type": "string", "minLength": 1, "maxLength": 20},
               "count": {"type": "integer", "minimum": 1, "format": "int32"},
               "price": {"type": "number", "exclusiveMinimum": 0, "example": 1}, "gift": {"type": "boolean"}}}}}}
            """,
            true,
            (method, path, what) -> {});
    return check(contract, "/orders");
  }

  private static boolean fits(SchemaCheck check, JsonNode value) {
    return check.judge(value, "body", "", SchemaCheck.MANY_STEPS).isEmpty();
  }

  private static Optional<JsonNode> value(String text) {
    try {
      return Optional.of(JsonText.body(Buffer.buffer(text)));
    } catch (JsonText.NoJsonException e) {
      return Optional.empty();
    }
  }

  private static SchemaCheck check(Contract contract, String path) {
    Operation operation = contract.match("POST", path).operation();
    return operation == null ? null : operation.body().entry("application/json").schema();
  }
}
