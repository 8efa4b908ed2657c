package io.wasmrunner.proxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class QuickCheckTest {
  private static final int PATHS = 40;

  /**
   * The quick way may leave a value to the validator, but accepts none that the validator refuses.
   */
  @ParameterizedTest
  @CsvSource({"true, 1", "false, 2", "true, 3", "false, 4"})
  void whatItAcceptsTheValidatorAccepts(boolean openApi30, long seed) {
    RandomSchemas schemas = new RandomSchemas(new Random(seed), openApi30);
    int fitting = 0;
    int accepted = 0;
    for (int round = 0; round < 8; round++) {
      ObjectNode document = schemas.document(PATHS);
      Contract contract = ContractCompiler.compile(document.toString(), true, (m, p, what) -> {});
      for (int path = 0; path < PATHS; path++) {
        SchemaCheck check = check(contract, "/" + path);
        if (check == null) {
          continue;
        }
        JsonNode schema =
            document.at("/paths/~1" + path + "/post/requestBody/content/application~1json/schema");
        for (int i = 0; i < 12; i++) {
          String text = schemas.text(document, schema);
          Optional<JsonNode> value = value(text);
          boolean fits = value.filter(each -> fits(check, each)).isPresent();
          boolean quick = check.surelyFits(text.getBytes(StandardCharsets.UTF_8));
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

  private static boolean fits(SchemaCheck check, JsonNode value) {
    return check.judge(value, "body", "", SchemaCheck.MANY_STEPS).isEmpty();
  }

  private static Optional<JsonNode> value(String text) {
    try {
      return Optional.of(JsonText.body(text.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonText.NoJsonException e) {
      return Optional.empty();
    }
  }

  private static SchemaCheck check(Contract contract, String path) {
    Operation operation = contract.match("POST", path).operation();
    return operation == null ? null : operation.body().entry("application/json").schema();
  }
}
