package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that finds no memory in the JVM loses itself, not the process and not its neighbours. */
final class SmallHeapTest {
  @TempDir private Path folder;

  @Test
  void guestsThatTakeAllTheyCanEndAloneInAJvmWithNextToNone() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx56m",
                "-XX:MaxDirectMemorySize=24m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                folder.resolve("work").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> round =
        List.of(
            "grows memory_limit",
            "recurses stack_overflow",
            "tables memory_limit",
            "writes memory_limit");
    assertThat(Files.readString(output).lines().filter(line -> line.matches("\\w+ \\w+")).toList())
        .as(Files.readString(output))
        .hasSize(13)
        .startsWith(round.toArray(String[]::new))
        .endsWith("innocent stopped");
    assertThat(process.exitValue()).isZero();
  }
}
