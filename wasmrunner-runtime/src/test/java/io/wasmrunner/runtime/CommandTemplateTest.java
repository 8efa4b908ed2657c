package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.spi.RunnerSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandTemplateTest {
  private static final RunnerSpec SPEC =
      new RunnerSpec(
          new RunnerId("shop", 2),
          Path.of("/srv/shop/shop {port}.wasm"),
          new RunnerAddress("127.0.0.1", 15003),
          Map.of("B", "two words; $(rm)", "A", "{module}"),
          64L << 20,
          Optional.empty(),
          RunnerLimits.DEFAULT);

  @Test
  void placeholdersAreFilledAndWordsStayWords() {
    assertThat(
            new CommandTemplate(
                    List.of(
                        "--listen={host}:{port}",
                        "{index}/{memory_mb}/{memory_pages}",
                        "{module}",
                        "{\"a\": {{port}}",
                        "a b"))
                .words(SPEC))
        .containsExactly(
            "--listen=127.0.0.1:15003",
            "2/64/1024",
            "/srv/shop/shop {port}.wasm",
            "{\"a\": {port}}",
            "a b");
  }

  @Test
  void theEnvironmentBecomesOptions() {
    assertThat(new CommandTemplate(List.of("{env:--env}")).words(SPEC))
        .containsExactly("--env", "A={module}", "--env", "B=two words; $(rm)");
    assertThat(new CommandTemplate(List.of("{env:--env=}", "{env}")).words(SPEC))
        .containsExactly(
            "--env=A={module}", "--env=B=two words; $(rm)", "A={module}", "B=two words; $(rm)");
  }

  @ParameterizedTest
  @CsvSource({
    "{modul}, did you mean {module}?",
    "--x={nonsense}, known are env and module",
    "x{env:--env}, has to be a word of its own"
  })
  void whatIsNotKnownIsExplained(String word, String explanation) {
    assertThatThrownBy(() -> new CommandTemplate(List.of(word)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(explanation);
  }
}
