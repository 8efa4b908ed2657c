package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A module that misbehaves hurts nobody else, comes back, and its end has a name. */
final class FaultIsolationTest {
  @TempDir static Path folder;
  private static Wasmrunner wasmrunner;

  @BeforeAll
  static void start() {
    wasmrunner =
        Wasmrunner.ready(ServicesFolder.in(folder).withOurs("hello").withFixture("faulty"));
  }

  @AfterAll
  static void stop() {
    wasmrunner.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/trap, trap",
    "/exit, exit_code",
    "/fill, memory_limit",
    "/recurse, stack_overflow",
    "/sockets, descriptor_limit",
    "/loop, hung"
  })
  void theOthersAnswerAndTheRunnerComesBack(String path, String cause) {
    awaitReady();
    long generation = runner().path("generation").asLong();

    Thread victim = new Thread(() -> callAndIgnore(path), "victim");
    victim.start();
    Awaitility.await(cause)
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(Http.get(wasmrunner.url("/hello/hello")).statusCode()).isEqualTo(200);
              assertThat(runner().path("generation").asLong()).isGreaterThan(generation);
              assertThat(runner().path("last_exit").path("cause").asString()).isEqualTo(cause);
            });
    awaitReady();
    assertThat(Http.get(wasmrunner.url("/faulty/health")).statusCode()).isEqualTo(200);
  }

  private static void awaitReady() {
    Awaitility.await("faulty is ready")
        .atMost(Duration.ofSeconds(60))
        .until(() -> runner().path("state").asString().equals("READY"));
  }

  private static void callAndIgnore(String path) {
    try {
      int status = Http.get(wasmrunner.url("/faulty" + path)).statusCode();
      assertThat(status).isIn(502, 503, 504);
    } catch (UncheckedIOException goneAsExpected) {
      assertThat(goneAsExpected).isNotNull();
    }
  }

  private static JsonNode runner() {
    return wasmrunner.service("faulty").path("runners").path(0);
  }
}
