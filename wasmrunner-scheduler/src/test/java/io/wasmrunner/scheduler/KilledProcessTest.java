package io.wasmrunner.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.DeliveryStatus;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there after the process was killed in the middle of publishing. */
final class KilledProcessTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void everyAcknowledgedMessageIsInTheStore() throws Exception {
    Process publisher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                PublishingProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Set<String> acknowledged = new HashSet<>();
    try (BufferedReader lines = publisher.inputReader()) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (acknowledged.size() == 300) {
          publisher.toHandle().destroyForcibly();
        }
        // The last line may be cut off.
        if (line.endsWith(".")) {
          acknowledged.add(line.substring(0, line.length() - 1));
        }
      }
    } finally {
      publisher.destroyForcibly();
    }
    assertThat(publisher.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(300);

    try (SqlStore store = SqlStore.open(folder, 1L << 30, new TestingClock())) {
      StoreContents contents =
          store.recover(Instant.now().plusSeconds(60)).toCompletableFuture().join();
      List<DeliveryStatus> kept =
          store
              .deliveries(PublishingProcess.QUEUE, Optional.empty(), 1_000_000)
              .toCompletableFuture()
              .join();

      assertThat(kept.stream().map(DeliveryStatus::messageId).collect(Collectors.toSet()))
          .containsAll(acknowledged);
      assertThat(contents.queues())
          .singleElement()
          .satisfies(queue -> assertThat(queue.published()).isEqualTo(kept.size()));
    }
  }
}
