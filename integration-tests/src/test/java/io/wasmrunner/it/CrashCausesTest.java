package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever ends a runner, or keeps it from starting, the management API says why. */
final class CrashCausesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Imports {@code env.nope}, which nobody provides, and calls it. */
  private static final byte[] MISSING_IMPORT =
      HexFormat.of()
          .parseHex(
              "0061736d01000000"
                  + "010401600000"
                  + "020c0103656e76046e6f70650000"
                  + "03020100"
                  + "0503010001"
                  + "0713"
                  + "02066d656d6f72790200065f73746172740001"
                  + "0a06010400"
                  + "10000b");

  /** Its function {@code begin} calls {@code explode}, which traps. */
  private static final byte[] NAMED_TRAP =
      HexFormat.of()
          .parseHex(
              "0061736d01000000"
                  + "010401600000"
                  + "0303020000"
                  + "0503010001"
                  + "0713"
                  + "02066d656d6f72790200065f73746172740001"
                  + "0a0a02"
                  + "0300000b"
                  + "040010000b"
                  + "0018046e616d65"
                  + "011102"
                  + "00076578706c6f6465"
                  + "0105626567696e");

  @TempDir Path folder;

  @Test
  void everyCauseIsClassified() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder).withFixture("faulty");
    copyOfHello(services, "late", "{\"path\": \"/nowhere\"}");
    copyOfHello(services, "broken", "{}");
    Files.writeString(services.folder().resolve("broken/broken.wasm"), "no module");
    copyOfHello(services, "imports", "{}");
    Files.write(services.folder().resolve("imports/imports.wasm"), MISSING_IMPORT);
    copyOfHello(services, "named", "{}");
    Files.write(services.folder().resolve("named/named.wasm"), NAMED_TRAP);
    copyOfHello(services, "taken", "{}");
    int port = services.config("taken").path("url").asString().lastIndexOf(':');
    String url = services.config("taken").path("url").asString();
    try (ServerSocket holder = new ServerSocket()) {
      holder.bind(
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), Integer.parseInt(url.substring(port + 1))));
      try (Wasmrunner wasmrunner =
          Wasmrunner.start(
              services.workingFolder(),
              "--port",
              "0",
              "--services",
              services.folder().toString())) {
        assertThat(awaitExit(wasmrunner, "taken", "port_in_use").path("detail").asString())
            .contains("process " + ProcessHandle.current().pid());
        assertThat(awaitExit(wasmrunner, "late", "start_timeout").path("detail").asString())
            .contains("404");
        JsonNode named = awaitExit(wasmrunner, "named", "trap").path("backtrace");
        assertThat(named.valueStream().map(JsonNode::asString)).contains("explode", "begin");
        assertThat(awaitInvalid(wasmrunner, "broken")).contains("WR-6002");
        assertThat(awaitInvalid(wasmrunner, "imports")).contains("WR-6006", "env", "nope");

        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> wasmrunner.service("faulty").path("state").asString().equals("READY"));
        Http.post(wasmrunner.url("/faulty/trap"), "");
        JsonNode exit = awaitExit(wasmrunner, "faulty", "trap");
        assertThat(exit.path("backtrace").size()).isPositive();
        JsonNode past = trapped(wasmrunner.service("faulty").path("runners").get(0).path("past"));
        assertThat(past.path("exit").path("backtrace").size()).isPositive();
        assertThat(past.path("output").size()).isPositive();
      }
    }
  }

  /** A process of its own reads the module again at each start. */
  @Test
  void aKillAndAModuleThatIsMissingOrChangedAreClassified() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder);
    for (String name : List.of("missing", "changed")) {
      copyOfHello(services, name, "{}");
      ObjectNode config = services.config(name).put("launcher", "jvm-process");
      // It waits until it is told to start.
      config.putObject("restart").put("backoff", "5m").put("max_backoff", "5m");
      services.withConfig(name, config);
    }
    Path settings = Files.createDirectories(services.workingFolder().resolve("config"));
    Files.writeString(settings.resolve("wasmrunner.json"), "{\"runtime\": {\"watch\": false}}");
    try (Wasmrunner wasmrunner =
        Wasmrunner.start(
            services.workingFolder(), "--port", "0", "--services", services.folder().toString())) {
      awaitCompiled(wasmrunner, "missing");
      awaitCompiled(wasmrunner, "changed");
      ProcessHandle.of(wasmrunner.pid())
          .orElseThrow()
          .children()
          .filter(child -> child.info().command().orElse("").endsWith("/java"))
          .forEach(ProcessHandle::destroyForcibly);
      awaitExit(wasmrunner, "missing", "killed");
      awaitExit(wasmrunner, "changed", "killed");

      Files.delete(services.folder().resolve("missing/missing.wasm"));
      Files.copy(
          Wasmrunner.root().resolve("integration-tests/fixtures/faulty/faulty.wasm"),
          services.folder().resolve("changed/changed.wasm"),
          StandardCopyOption.REPLACE_EXISTING);
      for (String name : List.of("missing", "changed")) {
        Http.post(wasmrunner.url("/__runner__/api/v1/services/" + name + "/start"), "");
      }
      assertThat(awaitExit(wasmrunner, "missing", "invalid_module").path("detail").asString())
          .contains("WR-6001", "missing.wasm");
      assertThat(awaitExit(wasmrunner, "changed", "invalid_module").path("detail").asString())
          .contains("WR-2077", "changed after it was checked");
    }
  }

  /** After that it is replaced no more by itself. */
  private static void awaitCompiled(Wasmrunner wasmrunner, String service) {
    Awaitility.await(service + " is compiled")
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode runner = wasmrunner.service(service).path("runners").path(0);
              return runner.path("state").asString("").equals("READY")
                  && runner.path("code").asString("").equals("compiled");
            });
  }

  /** Beside it may be the generation that began before the code was compiled. */
  private static JsonNode trapped(JsonNode past) {
    return past.valueStream()
        .filter(each -> each.path("exit").path("cause").asString().equals("trap"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(past.toString()));
  }

  private static void copyOfHello(ServicesFolder services, String name, String health) {
    services.with(Wasmrunner.root().resolve("services/hello"), name);
    ObjectNode config = services.config(name);
    config.put("prefix", name).put("runners", 1).put("required", false);
    config.set("health", Http.json(health));
    config.putObject("restart").put("start_timeout", "2s").put("backoff", "100ms");
    config.remove("schedules");
    services.withConfig(name, config);
  }

  private static JsonNode awaitExit(Wasmrunner wasmrunner, String service, String cause) {
    Awaitility.await(service + ": " + cause)
        .atMost(PATIENCE)
        .until(() -> lastExit(wasmrunner, service).path("cause").asString("").equals(cause));
    return lastExit(wasmrunner, service);
  }

  private static JsonNode lastExit(Wasmrunner wasmrunner, String service) {
    return wasmrunner.service(service).path("runners").path(0).path("last_exit");
  }

  private static String awaitInvalid(Wasmrunner wasmrunner, String service) {
    Awaitility.await(service)
        .atMost(PATIENCE)
        .until(() -> wasmrunner.service(service).path("state").asString().equals("INVALID"));
    return wasmrunner.service(service).path("violations").toString();
  }
}
