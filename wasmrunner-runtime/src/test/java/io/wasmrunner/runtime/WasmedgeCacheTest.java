package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WasmedgeCacheTest {
  @TempDir Path folder;

  private void put(WasmedgeCache cache, String name, int bytes, Duration age) throws IOException {
    Path file = cache.get(name, target -> Files.write(target, new byte[bytes]));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void whatWasNotUsedForLongestGoesWhenTheLimitIsReached() throws IOException {
    WasmedgeCache cache = new WasmedgeCache(folder, 100, Clock.systemUTC());
    put(cache, "old.wasm", 60, Duration.ofDays(2));
    put(cache, "used.wasm", 60, Duration.ofDays(3));
    cache.get(
        "used.wasm",
        target -> {
          throw new IOException("it is there");
        });
    put(cache, "new.wasm", 10, Duration.ZERO);
    assertThat(folder.resolve("old.wasm")).doesNotExist();
    assertThat(folder.resolve("used.wasm")).exists();
    assertThat(folder.resolve("new.wasm")).exists();
  }

  @Test
  void whatWasNeverFinishedGoes() throws IOException {
    Path unfinished = Files.write(folder.resolve("unfinished-1.wasm"), new byte[1]);
    WasmedgeCache cache = new WasmedgeCache(folder, 100, Clock.systemUTC());
    put(cache, "one.wasm", 1, Duration.ZERO);
    assertThat(unfinished).exists();
    Files.setLastModifiedTime(unfinished, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    put(cache, "two.wasm", 1, Duration.ZERO);
    assertThat(unfinished).doesNotExist();
  }
}
