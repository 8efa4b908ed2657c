package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
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

  @TempDir Path folder;

  @Test
  void everyCauseIsClassified() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder).withFixture("faulty");
    copyOfHello(services, "late", "{\"path\": \"/nowhere\"}");
    copyOfHello(services, "broken", "{}");
    Files.writeString(services.folder().resolve("broken/broken.wasm"), "no module");
    copyOfHello(services, "imports", "{}");
    Files.write(services.folder().resolve("imports/imports.wasm"), MISSING_IMPORT);
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
        assertThat(awaitInvalid(wasmrunner, "broken")).contains("WR-6");
        assertThat(awaitInvalid(wasmrunner, "imports")).contains("env", "nope");

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
