package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.WasmrunnerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ForegroundRunnerTest {
  @TempDir static Path folder;

  private final int port = TestingServices.freePorts(1);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final TestingServices services = new TestingServices(folder.resolve("services"));
  private ForegroundRunner foreground;

  @BeforeEach
  void services() {
    TestingRuntime.add(services, "faulty", TestingRuntime.FAULTY, port, ", \"memory_limit_mb\": 8");
    foreground =
        new ForegroundRunner(
            services.options(new RuntimePlugin()).build(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private CompletableFuture<Integer> run() {
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> foreground.run("faulty"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> code.isDone() || get("/health").contains("ok"));
    return code;
  }

  private String get(String path) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/exit, 3, exit_code: exited with code 3",
    "/trap, 134, trap: trapped",
    "/fill, 137, memory_limit: ran out of memory",
    "/sockets, 134, descriptor_limit: ran out of descriptors"
  })
  void theExitCodeSaysHowTheModuleEnded(String path, int expected, String message)
      throws Exception {
    CompletableFuture<Integer> code = run();
    assertThat(get(path)).isEmpty();
    assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("[INFO] faulty listens on");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("wasmrunner: " + message);
  }

  @Test
  void canBeStopped() throws Exception {
    CompletableFuture<Integer> code = run();
    foreground.stop();
    assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(ForegroundRunner.EXIT_STOPPED);
    assertThat(get("/health")).isEmpty();
  }

  @Test
  void aWrongNameIsExplained() {
    assertThatThrownBy(() -> foreground.run("fualty"))
        .isInstanceOfSatisfying(
            WasmrunnerException.class,
            e ->
                assertThat(e.explain())
                    .contains("WR-2060", "Did you mean faulty?", "Services are: faulty."));
  }

  @Test
  void anInvalidServiceIsExplained() {
    services.add("bad", "{\"prefix\": \"bad\"}");
    assertThatThrownBy(() -> foreground.run("bad"))
        .hasMessageContaining("WR-2015 bad/config/service.json:1:1");
  }
}
