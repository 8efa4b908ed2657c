package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingScheduler.await;
import static io.wasmrunner.scheduler.TestingServices.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.wasmrunner.bus.ScheduleCommand.Action;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.scheduler.TestingInnerListener.Answer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that publish before they answer what wasmrunner asked them, with one place for all. */
final class NoDeadlockTest {
  @TempDir Path folder;
  private TestingScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    scheduler = new TestingScheduler(folder);
    scheduler.options =
        scheduler.options.withLimits(
            new SchedulerLimits(1 << 20, 100, 100, 1 << 30, 1, 1, 100, Duration.ofHours(1), 100));
    scheduler.services.put(
        service("shop")
            .schedule("/pull", Duration.ofMinutes(1))
            .listen("first", "/first")
            .listen("second", "/second"));
    scheduler.start();
    scheduler.inner.answer("/shop/pull", any -> publishThenAnswer("first"));
    scheduler.inner.answer("/shop/first", any -> publishThenAnswer("second"));
  }

  @AfterEach
  void close() throws Exception {
    scheduler.close();
  }

  @Test
  void scheduleAndListenerThatPublishDoNotHang() throws Exception {
    ScheduleStatus after = scheduler.command("shop", 0, Action.RUN);

    assertThat(after.lastRun().orElseThrow().httpStatus()).isEqualTo(202);
    await().until(() -> scheduler.queue("second").delivered() == 1);
    assertThat(scheduler.queue("first").delivered()).isEqualTo(1);
    assertThat(scheduler.inner.received())
        .extracting(TestingInnerListener.Received::uri)
        .containsExactly("/shop/pull", "/shop/first", "/shop/second");
  }

  @Test
  void listenerThatPublishesToItsOwnQueueDoesNotHang() throws Exception {
    scheduler.inner.answer("/shop/second", any -> publishThenAnswer("second"));
    scheduler.publish("second", "again and again");

    await().until(() -> scheduler.queue("second").delivered() > 20);
  }

  private Future<Answer> publishThenAnswer(String queue) {
    return scheduler.publishing(queue, "{}").map(reply -> Answer.status(202));
  }
}
