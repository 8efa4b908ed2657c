package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the command line promises: help, checks, clear ends. */
final class CommandLineTest {
  @TempDir Path folder;

  @Test
  void helpAndVersionNeedNothing() {
    assertThat(run(0, "--help")).contains("--services", "--module", "validate", "Exit status");
    assertThat(run(0, "--version")).contains("wasmrunner 0.").contains("Java ");
    assertThat(run(2, "--nonsense")).contains("--nonsense");
  }

  @Test
  void printConfigTellsEveryOrigin() throws IOException {
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(folder.resolve("config/wasmrunner.json"), "{\"log_level\": \"warn\"}");

    assertThat(run(0, "--print-config", "--port", "1234"))
        .containsPattern("port +1234 +flag")
        .containsPattern("log_level +warn +config.wasmrunner.json")
        .containsPattern("host +127.0.0.1 +default");
  }

  @Test
  void aWrongConfigurationIsOneClearError() throws IOException {
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(folder.resolve("config/wasmrunner.json"), "{\"prot\": 1}");

    assertThat(run(4))
        .contains("WR-1002")
        .contains("did you mean \"port\"")
        .doesNotContain("\tat ");
  }

  @Test
  void aTakenPortIsOneClearError() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String output = run(5, "--port", Integer.toString(taken.getLocalPort()));

      assertThat(output).contains("WR-3001").contains(Integer.toString(taken.getLocalPort()));
      assertThat(output).doesNotContain("\tat ");
    }
  }

  @Test
  void aNamedFolderHasToExist() {
    assertThat(run(6, "--services", "nowhere")).contains("WR-2001").contains("nowhere");
  }

  @Test
  void withoutServicesItStartsEmptyAndSaysWhereTheyGo() {
    try (Wasmrunner empty = Wasmrunner.start(folder, "--port", "0")) {
      empty.awaitReady();

      assertThat(Http.get(empty.url("/health")).body()).isEqualTo("ok");
      assertThat(empty.output()).contains(folder.resolve("services").toString());
    }
  }

  @Test
  void anUnwritableDataFolderIsOneClearError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");

    assertThat(run(7, "--port", "0", "--data-dir", file.toString())).contains("WR-4001");
  }

  @Test
  void anAddressThatOthersReachNeedsTheFlag() {
    assertThat(run(4, "--port", "0", "--host", "0.0.0.0"))
        .contains("WR-1005")
        .contains("--insecure-bind");
  }

  @Test
  void aBrokenPluginIsOneClearError() throws IOException {
    Files.createDirectories(folder.resolve("plugins"));
    Files.writeString(folder.resolve("plugins/bad.jar"), "no zip");

    assertThat(run(8, "--port", "0")).contains("WR-7002").contains("bad.jar");
  }

  @Test
  void validateReportsEverythingAndStartsNothing() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    assertThat(run(0, "validate", "--services", services.folder().toString())).contains("hello");

    services.withConfigText("wrong", "{\n  \"prefx\": \"a\",\n  \"runners\": 0\n}");
    String output = run(9, "validate", "--services", services.folder().toString());

    assertThat(output).contains("service.json:2:3 /prefx").contains("write \"prefix\"");
    assertThat(output).contains("service.json:3:").contains("runners");
    assertThat(output).doesNotContain("\tat ");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void optionsBeforeACommandAreNotForgotten() {
    assertThat(run(2, "--services", "elsewhere", "validate"))
        .contains("--services goes after the command: wasmrunner validate --services");
  }

  @Test
  void modulesAreCompiledAheadAndInspected() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    String named = services.folder().toString();
    assertThat(run(0, "compile", "--services", named)).containsPattern("hello .* compiled, ");
    assertThat(run(0, "compile", "hello", "--services", named))
        .containsPattern("hello .* in the cache, ");
    Files.writeString(folder.resolve("page.wasm"), "<html>");
    assertThat(run(1, "compile", "page.wasm")).contains("WR-6002").doesNotContain("\tat ");

    String json = run(0, "inspect", "hello", "--json", "--services", named);
    assertThat(Http.json(json).path("runs").asBoolean()).isTrue();
    assertThat(Http.json(json).path("memory").path("initial_bytes").asLong()).isPositive();
    assertThat(run(1, "inspect", "page.wasm")).contains("does not run here", "WR-6002");
    assertThat(run(1, "inspect", "helo", "--services", named)).contains("Did you mean hello?");
  }

  @Test
  void aBadServiceStopsNobody() throws IOException {
    ServicesFolder services =
        ServicesFolder.in(folder)
            .withOurs("hello")
            .withConfigText("wrong", "{\"prefix\": \"wrong\"");
    Files.createDirectories(services.folder().resolve("torn/config"));
    Files.writeString(
        services.folder().resolve("torn/config/service.json"),
        "{\"prefix\": \"torn\", \"url\": \"http://127.0.0.1:"
            + ServicesFolder.freePorts(1)
            + "\"}");
    Files.writeString(services.folder().resolve("torn/torn.wasm"), "\0asm no module");

    try (Wasmrunner started =
        Wasmrunner.start(folder, "--port", "0", "--services", services.folder().toString())) {
      URI hello = started.url("/hello/hello");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Http.get(hello).statusCode() == 200);

      JsonNode wrong = started.service("wrong");
      assertThat(wrong.path("state").asString()).isEqualTo("INVALID");
      assertThat(wrong.path("violations").path(0).path("line").asInt()).isEqualTo(1);
      assertThat(started.service("torn").toString()).contains("INVALID");
      assertThat(Http.get(started.url("/ready")).statusCode()).isEqualTo(503);
      assertThat(Http.get(started.url("/")).body()).contains("wrong").contains("torn");
    }
  }

  @Test
  void oneModuleRunsInTheForeground() throws Exception {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    int port = URI.create(services.config("hello").path("url").asString()).getPort();
    try (Wasmrunner hello =
        Wasmrunner.start(folder, "--module", "hello", "--services", services.folder().toString())) {
      URI url = URI.create("http://127.0.0.1:" + port + "/hello");
      Awaitility.await()
          .ignoreExceptions()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Http.get(url).statusCode() == 200);
      assertThat(Http.get(url).body()).contains("\"runner\":0").contains("\"instances\":2");
      assertThat(hello.output()).contains("hello listens on");
    }
    assertThat(run(1, "--module", "nobody", "--services", services.folder().toString()))
        .contains("nobody")
        .contains("hello");
  }

  @Test
  void aStopSignalEndsEverythingCleanly() throws Exception {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    Wasmrunner started = Wasmrunner.ready(services);
    URI entry = started.entryPoint();
    int runnerPort = URI.create(services.config("hello").path("url").asString()).getPort();
    assertThat(isListening(runnerPort)).isTrue();

    started.terminate();

    assertThat(started.exitStatus()).as(started.output()).isZero();
    for (int port : List.of(entry.getPort(), runnerPort, runnerPort + 1)) {
      assertThat(isListening(port)).as("port " + port).isFalse();
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private String run(int expectedStatus, String... arguments) {
    try (Wasmrunner run = Wasmrunner.start(folder, arguments)) {
      int status = run.exitStatus();
      assertThat(status).as(run.output()).isEqualTo(expectedStatus);
      return run.output();
    }
  }
}
