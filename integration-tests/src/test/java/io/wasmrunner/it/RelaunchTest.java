package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain {@code java -jar} gives itself the JVM flags that pay, on Java 22 and newer. */
final class RelaunchTest {
  private static final String FLAG = "-XX:-DontCompileHugeMethods";

  @TempDir Path folder;

  @Test
  void theProcessReplacesItselfOnceAndKeepsEverything() throws IOException {
    String java = newJava();
    Path services = Files.createDirectories(folder.resolve("my services"));
    List<String> own =
        List.of(java, "-Dodd=a  b\"$c*", "-Xmx300m", "-jar", Wasmrunner.jar().toString());
    List<String> arguments =
        List.of("--port", "0", "--services", services.toString(), "--log-level", "info");
    List<String> given = Stream.concat(own.stream(), arguments.stream()).toList();
    try (Wasmrunner started = Wasmrunner.startCommand(folder, given)) {
      started.awaitReady();

      List<String> command = command(started.pid());
      assertThat(command).contains(FLAG).containsOnlyOnce("-Dio.wasmrunner.relaunched=true");
      assertThat(command.subList(command.size() - given.size() + 1, command.size()))
          .as("what the user gave")
          .isEqualTo(given.subList(1, given.size()));
      assertThat(command).filteredOn(part -> part.startsWith("-Xmx")).hasSize(1);
      assertThat(started.output()).contains(services.toString()).doesNotContain("WR-1020");

      started.terminate();
      assertThat(started.exitStatus()).as(started.output()).isZero();
      assertThat(started.output()).contains("stopped").doesNotContain("[warning]");
    }
    try (Stream<Path> kept = Files.list(folder.resolve("data/cache"))) {
      assertThat(kept)
          .as("archive of the start")
          .anyMatch(file -> file.toString().endsWith(".jsa"));
    }
    try (Wasmrunner again = Wasmrunner.startCommand(folder, given)) {
      again.awaitReady();
      assertThat(Files.readString(Path.of("/proc", Long.toString(again.pid()), "maps")))
          .as("the second start uses it")
          .contains("/data/cache/start-jdk");
    }
  }

  @Test
  void whoeverDoesNotWantThatIsToldOnceWhatItCosts() throws IOException {
    List<String> off =
        List.of(
            newJava(),
            "-Dwasmrunner.launcher.relaunch=false",
            "-jar",
            Wasmrunner.jar().toString(),
            "--port",
            "0");
    try (Wasmrunner started = Wasmrunner.startCommand(folder, off)) {
      started.awaitReady();

      assertThat(command(started.pid())).doesNotContain(FLAG);
      assertThat(started.output()).containsOnlyOnce("WR-1020");
    }
  }

  private static List<String> command(long pid) throws IOException {
    String all =
        Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8);
    return new ArrayList<>(List.of(all.split("\0")));
  }

  /** A Java of 22 or newer: the one given, or our own if it is. */
  private static String newJava() {
    assumeThat(Files.exists(Path.of("/proc/self/cmdline"))).as("Linux").isTrue();
    String given = System.getProperty("it.java25", "");
    if (given.isEmpty()) {
      assumeThat(Runtime.version().feature())
          .as("Java; -Dit.java25= names another")
          .isGreaterThanOrEqualTo(22);
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
    return given;
  }
}
