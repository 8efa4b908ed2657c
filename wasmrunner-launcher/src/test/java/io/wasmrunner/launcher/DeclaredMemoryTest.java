package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeclaredMemoryTest {
  @TempDir private Path folder;

  @Test
  void sumsTheLimitsOfAllRunners() {
    service("a", "{\"memory_limit_mb\": 64, \"runners\": 3}");
    service("b", "{}");

    assertThat(DeclaredMemory.in(folder, 256)).isEqualTo(new DeclaredMemory(2, 3 * 64 + 256));
  }

  @Test
  void nonsenseCountsLittleAndStopsNothing() throws IOException {
    service("broken", "{\"memory_limit_mb\": ");
    service("huge", "{\"memory_limit_mb\": 2000000000, \"runners\": 2000000000}");
    service("negative", "{\"memory_limit_mb\": -5, \"runners\": -7}");
    service("odd", "{\"memory_limit_mb\": {}, \"runners\": [1]}");
    Files.writeString(folder.resolve("file"), "no folder");

    assertThat(DeclaredMemory.in(folder, 100)).isEqualTo(new DeclaredMemory(4, 4_096_000 + 100));
    assertThat(DeclaredMemory.in(folder.resolve("nowhere"), 100))
        .isEqualTo(new DeclaredMemory(0, 0));
  }

  private void service(String name, String json) {
    try {
      Path config = Files.createDirectories(folder.resolve(name).resolve("config"));
      Files.writeString(config.resolve("service.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
