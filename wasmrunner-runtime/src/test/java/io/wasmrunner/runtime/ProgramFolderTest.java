package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramFolderTest {
  @ParameterizedTest
  @CsvSource({
    "data, data, data, true",
    "., ., ., true",
    "/srv/data::/d, /srv/data, /d, true",
    "data::/d:ro, data, /d, false",
    "data:ro, data, data, false",
    "data:ro::/d, data:ro, /d, true",
    "a::b::c, a, b::c, true"
  })
  void readsBothNames(String text, String host, String guest, boolean writable) {
    assertThat(ProgramFolder.parse(text))
        .isEqualTo(new ProgramFolder(Path.of(host), guest, writable));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":ro", "::", "::/d", "data::", "data:::ro"})
  void refusesEmptyNames(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProgramFolder.parse(text))
        .withMessageContaining("expected HOST");
  }

  @Test
  void theHostsNameIsTakenAsItIs() {
    assertThat(ProgramFolder.parse("a b/ñ").host()).isEqualTo(Path.of("a b/ñ"));
  }
}
