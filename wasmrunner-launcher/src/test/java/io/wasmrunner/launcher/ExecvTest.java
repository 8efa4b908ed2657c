package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExecvTest {
  @TempDir Path folder;

  /** Before Java 22 the call cannot be made, later the system refuses it: the process goes on. */
  @Test
  void aProgramThatIsNotThereLeavesTheProcessAsItIs() {
    String missing = folder.resolve("java").toString();

    assertThatThrownBy(() -> Execv.run(missing, List.of(missing.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the system");
  }
}
