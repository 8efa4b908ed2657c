package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One service works while another takes what it can get: every request of the first is answered,
 * not much later than without the other.
 */
final class NeighbourTest {
  private static final int REQUESTS = 200;

  /** Generous: the machine that runs this may be busy. bench/neighbour.sh gives the figures. */
  private static final int TIMES_SLOWER = 50;

  private static final Duration QUICK = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir static Path folder;
  private static Wasmrunner wasmrunner;
  private static Duration usual;

  @BeforeAll
  static void start() {
    Path faulty = Wasmrunner.root().resolve("integration-tests/fixtures/faulty");
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    for (String name : new String[] {"flooding", "looping", "opening", "filling", "hanging"}) {
      services.with(faulty, name);
      ObjectNode json = services.config(name);
      json.put("prefix", name);
      services.withConfig(name, json);
    }
    ObjectNode looping = services.config("looping");
    looping.putObject("limits").put("cpu_share", 0.1);
    services.withConfig("looping", looping);
    wasmrunner = Wasmrunner.ready(services);
    wasmrunner.awaitCompiled();
    slowest();
    usual = slowest();
  }

  @AfterAll
  static void stop() {
    wasmrunner.close();
  }

  @Test
  void aFloodOfLogLinesIsCutAndCounted() {
    Thread offender = offend("/flooding/flood");
    assertTheNeighbourIsWell();
    join(offender);
    assertThat(runner("flooding").path("dropped_lines").asLong()).isGreaterThan(100_000);
    assertThat(Http.get(wasmrunner.url("/flooding/longline")).statusCode()).isEqualTo(200);
    Awaitility.await("lines after the flood")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(Http.get(wasmrunner.url("/flooding/longline")).statusCode())
                  .isEqualTo(200);
              assertThat(logs("flooding"))
                  .contains("lines dropped, more than 1024 KiB in a second")
                  .contains("[cut, the line has 10485760 bytes]");
            });
  }

  @Test
  void anEndlessLoopGetsItsShareOnly() {
    long generation = runner("looping").path("generation").asLong();
    offend("/looping/loop");
    Awaitility.await("throttled")
        .atMost(PATIENCE)
        .until(() -> seconds(runner("looping"), "throttled") > 1);
    JsonNode before = runner("looping");
    assertTheNeighbourIsWell();
    JsonNode after = runner("looping");
    if (after.path("generation").asLong() == generation) { // else it has been ended as hung
      double computed = seconds(after, "cpu") - seconds(before, "cpu");
      double waited = seconds(after, "throttled") - seconds(before, "throttled");
      assertThat(computed).isLessThan(0.5 + (computed + waited) * 0.5);
    }
  }

  @Test
  void whoOpensSocketsWithoutEndHasNoMoreThanItsOwn() {
    long generation = runner("opening").path("generation").asLong();
    offend("/opening/sockets");
    assertTheNeighbourIsWell();
    awaitExit("opening", generation, "descriptor_limit");
  }

  @Test
  void whoFillsItsMemoryAgainAndAgainFillsItsOwn() {
    for (int i = 0; i < 3; i++) {
      Awaitility.await("ready")
          .atMost(PATIENCE)
          .until(() -> runner("filling").path("state").asString().equals("READY"));
      long generation = runner("filling").path("generation").asLong();
      offend("/filling/fill");
      assertTheNeighbourIsWell();
      awaitExit("filling", generation, "memory_limit");
    }
  }

  @Test
  void whereAHungGuestHangsIsSeen() {
    offend("/hanging/hang");
    assertTheNeighbourIsWell();
    Awaitility.await("unhealthy")
        .atMost(PATIENCE)
        .until(() -> runner("hanging").path("state").asString().equals("UNHEALTHY"));
    JsonNode runner = runner("hanging");
    assertThat(runner.path("last_call").asString()).isEqualTo("poll_oneoff");
    assertThat(runner.path("calls").path("sock_recv").path("calls").asLong()).isPositive();
  }

  private static void assertTheNeighbourIsWell() {
    Duration bound = usual.compareTo(QUICK) > 0 ? usual : QUICK;
    assertThat(slowest()).isLessThan(bound.multipliedBy(TIMES_SLOWER));
  }

  /** The 99th percentile of some requests, which all have to be answered. */
  private static Duration slowest() {
    long[] nanos = new long[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      long start = System.nanoTime();
      assertThat(Http.get(wasmrunner.url("/hello/hello")).statusCode()).isEqualTo(200);
      nanos[i] = System.nanoTime() - start;
    }
    java.util.Arrays.sort(nanos);
    return Duration.ofNanos(nanos[REQUESTS * 99 / 100 - 1]);
  }

  private static Thread offend(String path) {
    Thread offender = new Thread(() -> callAndIgnore(path), "offender");
    offender.setDaemon(true);
    offender.start();
    return offender;
  }

  private static void callAndIgnore(String path) {
    try {
      Http.get(wasmrunner.url(path));
    } catch (UncheckedIOException | IllegalStateException notAnsweredAsExpected) {
      assertThat(notAnsweredAsExpected).isNotNull();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitExit(String service, long generation, String cause) {
    Awaitility.await(cause)
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode runner = runner(service);
              assertThat(runner.path("generation").asLong()).isGreaterThan(generation);
              assertThat(runner.path("last_exit").path("cause").asString()).isEqualTo(cause);
            });
  }

  private static double seconds(JsonNode runner, String name) {
    return Duration.parse(runner.path(name).asString()).toMillis() / 1000.0;
  }

  private static String logs(String service) {
    return Http.get(wasmrunner.url("/__runner__/api/v1/services/" + service + "/logs?tail=200"))
        .body();
  }

  private static JsonNode runner(String service) {
    return wasmrunner.service(service).path("runners").path(0);
  }
}
