package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runners in processes of their own: a crash is theirs alone, and none outlives its wasmrunner. */
final class ProcessLaunchersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  @Test
  void endsAreClassifiedAndNobodyElseNoticesThem() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello").withFixture("faulty");
    launcher(services, "hello", "jvm-process");
    launcher(services, "faulty", "jvm-process");
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services)) {
      assertThat(Http.get(wasmrunner.url("/hello/hello")).body()).contains("\"runner\":0");
      for (String end : List.of("trap", "memory_limit")) {
        awaitReady(wasmrunner, "faulty");
        long generation = runner(wasmrunner, "faulty").path("generation").asLong();
        callAndIgnore(wasmrunner, end.equals("trap") ? "/faulty/trap" : "/faulty/fill");
        JsonNode exit = awaitExit(wasmrunner, "faulty", generation);
        assertThat(exit.path("cause").asString()).as(exit.toString()).isEqualTo(end);
      }
      long generation = runner(wasmrunner, "hello").path("generation").asLong();
      children(wasmrunner, "java").forEach(ProcessHandle::destroyForcibly);
      JsonNode exit = awaitExit(wasmrunner, "hello", generation);
      assertThat(exit.path("cause").asString()).as(exit.toString()).isEqualTo("killed");
      awaitReady(wasmrunner, "hello");
      assertThat(Http.get(wasmrunner.url("/hello/hello")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void noChildOutlivesAKilledWasmrunnerBeyondTheNextStart() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello").withFixture("faulty");
    launcher(services, "hello", "jvm-process");
    ObjectNode sleeper = services.config("faulty");
    sleeper
        .putObject("launcher")
        .put("name", "command")
        .putArray("command")
        .add("sleep")
        .add("600");
    sleeper
        .putObject("health")
        .put("timeout", "60s")
        .putObject("probe")
        .put("name", "command")
        .putArray("command")
        .add("sleep")
        .add("601");
    services.withConfig("faulty", sleeper);

    List<ProcessHandle> children;
    List<ProcessHandle> foreign;
    Wasmrunner killed = Wasmrunner.ready(services);
    try {
      Awaitility.await("a runner and its probe")
          .atMost(PATIENCE)
          .until(() -> children(killed, "sleep").size() == 2);
      foreign = children(killed, "sleep");
      children = children(killed, "java");
      assertThat(children).hasSize(1);
      killed.kill();
    } finally {
      killed.close();
    }
    Awaitility.await("the child JVM ends with its standard input")
        .atMost(PATIENCE)
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(foreign).allMatch(ProcessHandle::isAlive);

    // Even when the service has changed since.
    launcher(services, "faulty", "embedded");
    try (Wasmrunner next = Wasmrunner.ready(services)) {
      Awaitility.await("the leftovers are ended")
          .atMost(PATIENCE)
          .until(() -> foreign.stream().noneMatch(ProcessHandle::isAlive));
      assertThat(next.output()).contains("WR-2075", "faulty/0", "the health probe of 127.0.0.1");
    }
  }

  private static void launcher(ServicesFolder services, String name, String launcher) {
    services.withConfig(name, services.config(name).put("launcher", launcher).put("runners", 1));
  }

  /** Its children that run this program. */
  private static List<ProcessHandle> children(Wasmrunner wasmrunner, String program) {
    return ProcessHandle.of(wasmrunner.pid())
        .orElseThrow()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/" + program))
        .toList();
  }

  private static void callAndIgnore(Wasmrunner wasmrunner, String path) {
    try {
      assertThat(Http.get(wasmrunner.url(path)).statusCode()).isIn(502, 504);
    } catch (UncheckedIOException goneAsExpected) {
      assertThat(goneAsExpected).isNotNull();
    }
  }

  private static JsonNode awaitExit(Wasmrunner wasmrunner, String service, long generation) {
    Awaitility.await(service + " ends and is started again")
        .atMost(PATIENCE)
        .until(() -> runner(wasmrunner, service).path("generation").asLong() > generation);
    return runner(wasmrunner, service).path("last_exit");
  }

  private static void awaitReady(Wasmrunner wasmrunner, String service) {
    Awaitility.await(service + " is ready")
        .atMost(PATIENCE)
        .until(() -> runner(wasmrunner, service).path("state").asString().equals("READY"));
  }

  private static JsonNode runner(Wasmrunner wasmrunner, String service) {
    return wasmrunner.service(service).path("runners").path(0);
  }
}
