package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runners are killed one after another under load, and every request is answered. {@code
 * -Dit.kill.seconds} makes it longer ({@code scripts/soak.sh}).
 */
final class CrashesTest {
  private static final int SECONDS = Integer.getInteger("it.kill.seconds", 10);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Random random = new Random(4);

  @TempDir Path folder;

  private ServicesFolder services(String name, String launcher) {
    ServicesFolder services = ServicesFolder.in(folder);
    if (name.equals("hello")) {
      services.withOurs(name);
    } else {
      services.withFixture(name);
    }
    ObjectNode config = services.config(name);
    config.put("launcher", launcher).put("runners", 3).put("memory_limit_mb", 32);
    config.putObject("restart").put("intensity", 0).put("max_backoff", "200ms");
    config.putObject("retries").put("attempts", 5).put("budget_percent", 100);
    config.putObject("timeouts").put("runner", "30s");
    try {
      config.put("url", "http://127.0.0.1:" + ServicesFolder.freePorts(3));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return services.withConfig(name, config);
  }

  @Test
  void killedProcessesLoseNoRequest() {
    ServicesFolder services = services("hello", "jvm-process");
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services);
        Load load = new Load(wasmrunner.url("/hello/hello"), 2)) {
      Instant end = Instant.now().plusSeconds(SECONDS);
      int killed = 0;
      while (Instant.now().isBefore(end)) {
        List<ProcessHandle> children = children(wasmrunner);
        if (!children.isEmpty()) {
          children.get(random.nextInt(children.size())).destroyForcibly();
          killed++;
        }
        pause();
      }
      load.end();
      assertThat(load.noted()).as("%d answered, %d killed", load.answered(), killed).isEmpty();
      assertThat(load.answered()).isPositive();
      assertThat(killed).isPositive();
    }
  }

  @Test
  void trapsLoseNoOtherRequest() {
    ServicesFolder services = services("faulty", "embedded");
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services);
        Load load = new Load(wasmrunner.url("/faulty/health"), 2)) {
      Instant end = Instant.now().plusSeconds(SECONDS);
      while (Instant.now().isBefore(end)) {
        // POST, so that nobody sends it again to the next runner.
        Http.post(wasmrunner.url("/faulty/trap"), "");
        pause();
      }
      load.end();
      assertThat(load.noted()).as("of %d", load.answered()).isEmpty();
      assertThat(load.answered()).isPositive();
    }
  }

  /** One second, which is the rhythm of the test and no wait for anything. */
  private static void pause() {
    Instant next = Instant.now().plusSeconds(1);
    Awaitility.await().atMost(PATIENCE).until(() -> Instant.now().isAfter(next));
  }

  private static List<ProcessHandle> children(Wasmrunner wasmrunner) {
    return ProcessHandle.of(wasmrunner.pid())
        .orElseThrow()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .toList();
  }
}
