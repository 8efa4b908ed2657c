package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * The heap stays flat under mixed traffic with faults, and nothing stays behind: no connection, no
 * request, no buffer. {@code -Dit.heap.minutes} makes it longer, and so more exact ({@code
 * scripts/soak.sh heap}).
 *
 * <p>Traffic comes in laps, and after each of them what is alive is counted. A leak grows in every
 * lap; what grows in one of them only is a cache, a pool or a class that was needed for the first
 * time. So the median of the growth per lap between any two laps counts (Theil-Sen), without the
 * first lap, after which much of the start is let go.
 */
final class HeapTest {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("it.heap.minutes", "0.7"));
  private static final int LAPS = 7;

  /** Growth in a lap that is a leak; caches that fill slowly were seen to take 0.2 MiB. */
  private static final long LEAK_BYTES = 512 << 10;

  private static final long MOST_GROWTH = 16 << 20;
  private static final int FEW_SOCKETS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String OPENAPI =
      """
      {"openapi": "3.1.0", "info": {"title": "echo", "version": "1"}, "paths": {"/echo": {"post": {
       "requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}},
       "responses": {"200": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}}}}}}}
      """;

  @TempDir Path folder;

  @Test
  void mixedTrafficWithFaultsLeavesNothingBehind() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    EchoService.addTo(services, HeapTest::withPolicies);
    Files.writeString(services.folder().resolve("echo/openapi.json"), OPENAPI);
    try (Wasmrunner wasmrunner = start(services)) {
      wasmrunner.awaitReady();
      MixedTraffic traffic = new MixedTraffic(wasmrunner.entryPoint());
      List<LiveHeap> heaps = new ArrayList<>();
      long sockets = 0;
      for (int lap = 0; lap < LAPS; lap++) {
        traffic.run(Duration.ofMillis((long) (MINUTES * 60_000 / LAPS)));
        awaitQuiet(wasmrunner);
        heaps.add(LiveHeap.of(wasmrunner.pid()));
        sockets = lap == 0 ? sockets(wasmrunner) : sockets;
      }

      assertFlat(heaps, traffic);
      long before = sockets;
      Awaitility.await("sockets are closed")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(sockets(wasmrunner)).isLessThanOrEqualTo(before + FEW_SOCKETS));
      assertEverythingWasMet(traffic);
      // Netty tells of a buffer that was lost when it makes another after a collection.
      assertThat(Http.get(wasmrunner.url("/echo/x")).statusCode()).isEqualTo(200);
      assertThat(wasmrunner.output()).doesNotContain("LEAK", "OutOfMemoryError", "WR-3308");
    }
  }

  private static void withPolicies(ObjectNode config) {
    config.putObject("contract").put("mode", "enforce");
    config.putObject("retries").put("attempts", 2);
    config.putObject("rate_limit").put("rate", 1_000_000);
    config.putObject("circuit_breaker");
    config.put("compression", true);
  }

  /** With a small heap, so that a large leak ends it, and Netty's account of each buffer. */
  private static Wasmrunner start(ServicesFolder services) {
    return Wasmrunner.startCommand(
        services.workingFolder(),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:-DontCompileHugeMethods",
            "-Dio.netty.leakDetection.level=paranoid",
            "-jar",
            Wasmrunner.jar().toString(),
            "--port",
            "0",
            "--services",
            services.folder().toString()));
  }

  private static void awaitQuiet(Wasmrunner wasmrunner) {
    Awaitility.await("no request is under way")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(underWay(wasmrunner))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).endsWith(" 0")));
  }

  private static List<String> underWay(Wasmrunner wasmrunner) {
    return Http.get(wasmrunner.url("/__runner__/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith("wasmrunner_requests_under_way{"))
        .toList();
  }

  private static long sockets(Wasmrunner wasmrunner) {
    try (Stream<Path> descriptors =
        Files.list(Path.of("/proc", Long.toString(wasmrunner.pid()), "fd"))) {
      return descriptors.filter(HeapTest::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static void assertFlat(List<LiveHeap> heaps, MixedTraffic traffic) {
    LiveHeap first = heaps.get(1);
    LiveHeap last = heaps.get(heaps.size() - 1);
    List<Long> growth = new ArrayList<>();
    for (int lap = 1; lap < heaps.size(); lap++) {
      for (int later = lap + 1; later < heaps.size(); later++) {
        growth.add((heaps.get(later).bytes() - heaps.get(lap).bytes()) / (later - lap));
      }
    }
    Collections.sort(growth);
    String seen =
        "live bytes after each lap: %s of %s%nwhat grew:%n%s"
            .formatted(
                heaps.stream().map(LiveHeap::bytes).toList(),
                traffic.outcomes(),
                last.growthSince(first));
    System.out.println(seen);
    assertThat(growth.get(growth.size() / 2)).as(seen).isLessThan(LEAK_BYTES);
    assertThat(last.bytes() - first.bytes()).as(seen).isLessThan(MOST_GROWTH);
  }

  private static void assertEverythingWasMet(MixedTraffic traffic) {
    assertThat(traffic.outcomes())
        .containsKeys(
            "asks: 200",
            "asks: 404",
            "posts: 200",
            "posts: 415",
            "leaves: before an answer",
            "leaves: amid 200",
            "breaks rules: 400",
            "follows events: 200",
            "speaks WebSocket: 101",
            "meets a runner that breaks off: 502");
  }
}
