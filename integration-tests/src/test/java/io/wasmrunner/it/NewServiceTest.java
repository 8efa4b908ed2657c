package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Five minutes to your own service: new, build, start, call. */
@Tag("guests")
final class NewServiceTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"c", "rust"})
  void aNewServiceBuildsRunsAndIsHealthy(String language) throws Exception {
    try (Wasmrunner made = Wasmrunner.start(folder, "new", "greeter", "--lang", language)) {
      assertThat(made.exitStatus()).as(made.output()).isZero();
    }
    Path service = folder.resolve("services/greeter");
    build(service);
    assertThat(service.resolve("greeter.wasm")).exists();

    try (Wasmrunner checked = Wasmrunner.start(folder, "validate")) {
      assertThat(checked.exitStatus()).as(checked.output()).isZero();
      assertThat(checked.output()).contains("1 services", "0 invalid").doesNotContain("warning:");
    }
    try (Wasmrunner running = Wasmrunner.start(folder, "--port", "0")) {
      running.awaitReady();
      assertThat(Http.get(running.url("/greeter/hello")).body())
          .contains("Hello from greeter")
          .contains("\"runner\":0");
      assertThat(Http.get(running.url("/greeter/nothing")).statusCode()).isEqualTo(404);
      JsonNode runner = running.service("greeter").path("runners").path(0);
      assertThat(runner.path("state").asString()).isEqualTo("READY");
      assertThat(runner.at("/last_probe/healthy").asBoolean()).isTrue();
      assertThat(Files.readString(folder.resolve("data/logs/greeter/greeter.log")))
          .contains("listens on");
      String port = Integer.toString(running.entryPoint().getPort());
      try (Wasmrunner status = Wasmrunner.start(folder, "status", "greeter", "--port", port)) {
        assertThat(status.exitStatus()).as(status.output()).isZero();
        assertThat(status.output()).contains("READY", "runner 0");
      }
      try (Wasmrunner logs = Wasmrunner.start(folder, "logs", "greeter", "--port", port)) {
        assertThat(logs.exitStatus()).as(logs.output()).isZero();
        assertThat(logs.output()).contains("r0 INFO ", "listens on");
      }
    }
  }

  private void build(Path service) throws Exception {
    File log = folder.resolve("build.log").toFile();
    Process process =
        new ProcessBuilder(service.resolve("build.sh").toString())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
  }
}
