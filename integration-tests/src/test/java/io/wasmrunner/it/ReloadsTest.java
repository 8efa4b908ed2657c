package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service is reloaded again and again under load, now and then to a version that does not work:
 * no request is lost, and streams of other services go on. {@code -Dit.reloads} has more of them
 * ({@code scripts/soak.sh}).
 */
final class ReloadsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int RELOADS = Integer.getInteger("it.reloads", 10);

  @TempDir Path folder;

  /** Versions that do not work, in turn. */
  private enum Broken {
    NO_MODULE,
    NEVER_READY,
    ENDS_AT_ONCE,
    TOO_LITTLE_MEMORY,
    NO_JSON
  }

  @Test
  void reloadsUnderLoadLoseNothing() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello").withFixture("ticker");
    services.withConfig("hello", quick(services.config("hello"), 0));
    EchoService.addTo(services, config -> {});
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services);
        Streams streams = streams(wasmrunner);
        Load load = new Load(wasmrunner.url("/hello/hello"), 4)) {
      int broken = 0;
      for (int i = 1; i <= RELOADS; i++) {
        if (i % 5 == 0) {
          reloadBroken(services, wasmrunner, Broken.values()[broken++ % Broken.values().length]);
        } else {
          reload(services, wasmrunner, i);
        }
        streams.assertAlive("after reload " + i);
      }
      load.end();
      assertThat(load.noted()).as("of %d requests", load.answered()).isEmpty();
      assertThat(load.lost()).isZero();
      assertThat(load.answered()).isGreaterThan(RELOADS);
    }
  }

  /**
   * Open once no runner is about to be replaced by one with compiled code, which would end them.
   */
  private static Streams streams(Wasmrunner wasmrunner) {
    wasmrunner.awaitCompiled("ticker");
    return new Streams(
        wasmrunner.url("/ticker/events"),
        URI.create(wasmrunner.url("/echo/").toString().replaceFirst("http", "ws")));
  }

  private static ObjectNode quick(ObjectNode config, int version) {
    config.putObject("deploy").put("min_healthy_time", "100ms");
    config.putObject("restart").put("start_timeout", "5s");
    config.putObject("env").put("VERSION", Integer.toString(version));
    return config;
  }

  private static void reload(ServicesFolder services, Wasmrunner wasmrunner, int version) {
    services.withConfig("hello", quick(services.config("hello"), version));
    JsonNode before = runners(wasmrunner);
    post(wasmrunner, "reload");
    Awaitility.await("reload " + version)
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode now = runners(wasmrunner);
              for (int i = 0; i < now.size(); i++) {
                boolean same =
                    now.get(i).path("generation").asLong()
                        <= before.get(i).path("generation").asLong();
                if (same || !now.get(i).path("state").asString().equals("READY")) {
                  return false;
                }
              }
              return last(wasmrunner, "deploy.").equals("deploy.done");
            });
  }

  private static void reloadBroken(ServicesFolder services, Wasmrunner wasmrunner, Broken how)
      throws IOException {
    Path module = services.folder().resolve("hello/hello.wasm");
    byte[] good = Files.readAllBytes(module);
    ObjectNode config = services.config("hello");
    ObjectNode changed = config.deepCopy();
    String expected = "deploy.failed";
    switch (how) {
      case NO_MODULE -> {
        Files.writeString(module, "no module");
        expected = "";
      }
      case NEVER_READY -> {
        changed.putObject("health").put("path", "/no-such-path");
        changed.putObject("restart").put("start_timeout", "1s");
      }
      case ENDS_AT_ONCE ->
          Files.copy(tool(), module, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      case TOO_LITTLE_MEMORY -> {
        changed.put("memory_limit_mb", 0);
        expected = "";
      }
      case NO_JSON -> expected = "";
    }
    if (how == Broken.NO_JSON) {
      services.withConfigText("hello", "{");
    } else {
      services.withConfig("hello", changed);
    }
    post(wasmrunner, "reload");
    String outcome = expected;
    Awaitility.await(how.name())
        .atMost(PATIENCE)
        .until(
            () ->
                outcome.isEmpty()
                    ? service(wasmrunner).path("violations").size() > 0
                    : last(wasmrunner, "deploy.").equals(outcome));
    assertThat(service(wasmrunner).path("state").asString()).isEqualTo("READY");
    Files.write(module, good);
    services.withConfig("hello", config);
    post(wasmrunner, "reload");
    Awaitility.await("good again")
        .atMost(PATIENCE)
        .until(() -> service(wasmrunner).path("violations").size() == 0);
  }

  private static Path tool() {
    return Wasmrunner.root().resolve("integration-tests/fixtures/tool/tool.wasm");
  }

  private static JsonNode service(Wasmrunner wasmrunner) {
    return Http.json(wasmrunner.url("/__runner__/api/v1/services/hello"));
  }

  private static JsonNode runners(Wasmrunner wasmrunner) {
    return service(wasmrunner).path("runners");
  }

  /** Kind of the newest event that begins so. */
  private static String last(Wasmrunner wasmrunner, String start) {
    for (JsonNode event :
        Http.json(wasmrunner.url("/__runner__/api/v1/events/history?limit=100")).path("events")) {
      if (event.path("kind").asString().startsWith(start)) {
        return event.path("kind").asString();
      }
    }
    return "";
  }

  private static void post(Wasmrunner wasmrunner, String action) {
    assertThat(
            Http.post(wasmrunner.url("/__runner__/api/v1/services/hello/" + action), "")
                .statusCode())
        .isEqualTo(202);
  }
}
