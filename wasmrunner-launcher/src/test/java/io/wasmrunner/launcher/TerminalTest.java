package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class TerminalTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.0084S, 8 ms",
    "PT0.9996S, 1.0 s",
    "PT1.2345S, 1.2 s",
    "PT59.94S, 59.9 s",
    "PT1M0.5S, 1 min",
    "PT59M59S, 59 min",
    "PT26H3M, 26 h 3 min",
    "PT999999H, 999999 h 0 min",
    "soon, soon"
  })
  void cpuTimeIsForPeople(String json, String text) {
    JsonMapper mapper = JsonMapper.builder().build();
    assertThat(Terminal.spent(mapper.valueToTree(json))).isEqualTo(text);
  }
}
