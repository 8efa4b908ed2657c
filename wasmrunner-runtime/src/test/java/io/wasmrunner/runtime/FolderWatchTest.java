package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderWatchTest {
  @TempDir Path folder;

  private final TestingActor actor = new TestingActor(new TestingClock());
  private final AtomicInteger changes = new AtomicInteger();
  private TestingServices services;

  @BeforeEach
  void begin() {
    services = new TestingServices(folder).add("demo", "{}");
    new FolderWatch(folder, actor, changes::incrementAndGet).begin();
    actor.settle();
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      actor.advance(FolderWatch.INTERVAL);
    }
  }

  @Test
  void whatWasThereAtFirstIsNoChange() {
    look(5);
    assertThat(changes).hasValue(0);
  }

  @Test
  void aChangeIsToldOnceItRests() {
    services.file("demo/config/service.json", "{\"prefix\": \"other\"}");
    look(1);
    assertThat(changes).hasValue(0);
    look(5);
    assertThat(changes).hasValue(1);
  }

  @Test
  void aFileThatIsBeingCopiedIsWaitedFor() {
    for (int size = 1; size <= 4; size++) {
      services.file("demo/demo.wasm", new byte[size * 100]);
      look(1);
      assertThat(changes).hasValue(0);
    }
    look(1);
    assertThat(changes).hasValue(1);
  }

  @Test
  void whatAGuestWritesNeitherCountsNorHidesAChange() {
    for (int i = 1; i <= 4; i++) {
      services.file("demo/files/state.json", "x".repeat(i));
      if (i == 1) {
        services.file("demo/openapi.json", "{}");
      }
      look(1);
    }
    assertThat(changes).hasValue(1);
  }

  @Test
  void aCircleOfLinksHidesNoOther() throws IOException {
    Files.createSymbolicLink(folder.resolve("demo/self"), folder);
    services.add("another", "{}");
    look(3);
    assertThat(changes).hasValue(1);
  }
}
