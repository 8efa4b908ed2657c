package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingScheduler.await;
import static io.wasmrunner.scheduler.TestingServices.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand.Action;
import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.WasmrunnerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartTest {
  @TempDir Path folder;
  private TestingScheduler scheduler;

  @BeforeEach
  void prepare() throws Exception {
    scheduler = new TestingScheduler(folder);
  }

  @AfterEach
  void close() throws Exception {
    scheduler.close();
  }

  @Test
  void makesItsFolder() throws Exception {
    scheduler.options = in(folder.resolve("a/b"));
    scheduler.start();

    assertThat(folder.resolve("a/b/wasmrunner.db")).exists();
  }

  @Test
  void folderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    scheduler.options = in(file.resolve("data"));

    assertStartFails("WR-4001", file.toString());
  }

  @Test
  void fileThatIsNoDatabaseIsLeftAlone() throws Exception {
    Path file = folder.resolve("wasmrunner.db");
    Files.writeString(file, "precious notes of somebody, ".repeat(100));

    assertStartFails("WR-4003", file.toString());
    assertThat(Files.readString(file)).startsWith("precious notes");
  }

  @Test
  void damagedDatabaseIsFoundAtStart() throws Exception {
    scheduler.start();
    List<Future<PublishReply>> replies = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      replies.add(scheduler.publishing("queue" + i, "x"));
    }
    TestingScheduler.get(Future.all(replies));
    scheduler.stop();
    Path file = folder.resolve("wasmrunner.db");
    byte[] bytes = Files.readAllBytes(file);
    byte[] noise = "damage".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(noise, 0, bytes, bytes.length / 2, noise.length);
    Files.write(file, bytes);

    assertStartFails("WR-4003", file.toString());
  }

  @Test
  void databaseOfANewerVersionIsRefused() throws Exception {
    scheduler.start();
    scheduler.stop();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("wasmrunner.db"));
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema_version VALUES (99, 'future.sql', 0)");
    }

    assertStartFails("WR-4004", "99");
  }

  @Test
  void folderInUseNamesWhoUsesIt() throws Exception {
    scheduler.start();
    TestingScheduler second = new TestingScheduler(folder);
    try {
      assertThatThrownBy(second::start)
          .isInstanceOfSatisfying(
              WasmrunnerException.class,
              failure -> {
                assertThat(failure.code()).isEqualTo("WR-4002");
                assertThat(failure)
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
              });
    } finally {
      second.close();
    }
    assertThat(scheduler.publish("still", "works").messageCount()).isEqualTo(1);
  }

  @Test
  void failedStartLeavesNothingBehindThatBlocksTheNext() throws Exception {
    Path file = folder.resolve("wasmrunner.db");
    Files.writeString(file, "no database at all, ".repeat(100));
    assertStartFails("WR-4003", file.toString());
    Files.delete(file);

    scheduler.start();
  }

  @Test
  void nothingIsAcceptedBeforeTheSubscribersAreKnown() throws Exception {
    scheduler.services.silence();
    TestingScheduler.get(scheduler.vertx.deployVerticle(new SchedulerVerticle(scheduler.options)));

    assertThatThrownBy(() -> scheduler.publish("orders", "x"))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
              assertThat(failure.code()).isEqualTo("WR-4206");
            });
    assertThat(scheduler.snapshot().inForce()).isFalse();
    assertThatThrownBy(() -> scheduler.command("orders", 0, Action.RUN))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  @Test
  void tellsWhenItActsOnWhatTheServicesSay() throws Exception {
    List<SchedulesSnapshot> told = new CopyOnWriteArrayList<>();
    scheduler.bus.subscribe(BusAddress.SCHEDULES_REPLACED, SchedulesSnapshot.class, told::add);
    scheduler.services.put(
        service("orders").schedule("/pull", Duration.ofMinutes(1)).listen("created", "/take"));
    TestingScheduler.get(scheduler.vertx.deployVerticle(new SchedulerVerticle(scheduler.options)));

    await().until(() -> told.stream().anyMatch(SchedulesSnapshot::inForce));
    assertThat(told.get(told.size() - 1).schedules())
        .extracting(ScheduleStatus::id)
        .containsExactly("orders/0");
    assertThat(scheduler.publish("created", "x").subscribers()).isEqualTo(1);
  }

  private SchedulerOptions in(Path other) {
    SchedulerOptions usual = scheduler.options;
    return SchedulerOptions.of(
        other, usual.innerBase(), usual.innerToken(), usual.clock(), usual.random());
  }

  private void assertStartFails(String code, String named) {
    assertThatThrownBy(scheduler::start)
        .isInstanceOfSatisfying(
            WasmrunnerException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(code);
              assertThat(failure).hasMessageContaining(named);
              assertThat(failure.advice()).isNotBlank();
            });
  }
}
