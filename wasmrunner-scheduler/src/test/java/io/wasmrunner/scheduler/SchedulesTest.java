package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingScheduler.await;
import static io.wasmrunner.scheduler.TestingScheduler.get;
import static io.wasmrunner.scheduler.TestingServices.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand.Action;
import io.wasmrunner.bus.ScheduleReply;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.scheduler.TestingInnerListener.Answer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchedulesTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TestingScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    scheduler = new TestingScheduler(folder);
    scheduler.services.put(service("orders").schedule("/pull", MINUTE));
    scheduler.start();
  }

  @AfterEach
  void close() throws Exception {
    scheduler.close();
  }

  @Test
  void firstRunComesOneIntervalAfterTheStart() throws Exception {
    assertThat(scheduler.schedule("orders").nextRunAt()).hasValue(TestingClock.START.plus(MINUTE));

    scheduler.clock.advance(Duration.ofSeconds(59));
    scheduler.settle();
    assertThat(scheduler.inner.received()).isEmpty();

    scheduler.clock.advance(Duration.ofSeconds(1));
    awaitRuns(1);
    assertThat(scheduler.inner.received("/orders/pull"))
        .singleElement()
        .satisfies(request -> assertThat(request.method()).isEqualTo("GET"));
  }

  @Test
  void runsStayOnTheGridOfTheInterval() throws Exception {
    scheduler.clock.advance(Duration.ofSeconds(65));
    awaitRuns(1);

    awaitNextRun(TestingClock.START.plusSeconds(120));
    scheduler.clock.advance(Duration.ofSeconds(55));
    awaitRuns(2);
  }

  @Test
  void resultSurvivesRestart() throws Exception {
    scheduler.inner.answer("/orders/pull", 202);
    scheduler.clock.advance(MINUTE);
    await().until(() -> scheduler.schedule("orders").lastRun().isPresent());

    scheduler.restart();

    ScheduleStatus schedule = scheduler.schedule("orders");
    assertThat(schedule.lastRun())
        .hasValueSatisfying(
            run -> {
              assertThat(run.httpStatus()).isEqualTo(202);
              assertThat(run.error()).isEmpty();
              assertThat(run.attempts()).isEqualTo(1);
              assertThat(run.startedAt()).isEqualTo(TestingClock.START.plus(MINUTE));
            });
    assertThat(schedule.nextRunAt()).hasValue(TestingClock.START.plusSeconds(120));
  }

  @Test
  void serverErrorIsAFailureAndSaidOnce() throws Exception {
    scheduler.inner.answer("/orders/pull", 500);
    run();
    run();
    scheduler.inner.answer("/orders/pull", 200);
    ScheduleStatus after = run();

    assertThat(after.lastRun().orElseThrow().succeeded()).isTrue();
    await().until(() -> scheduler.events("schedule.recovered").size() == 1);
    assertThat(scheduler.events("schedule.failed"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.service()).hasValue("orders");
              assertThat(event.message()).contains("/pull", "HTTP 500");
            });
  }

  @Test
  void runIsTriedAgainWhenNoRunnerIsAvailable() throws Exception {
    scheduler.inner.answer(
        "/orders/pull", request -> Future.succeededFuture(Answer.ofTheProxy(503, "WR-3004")));
    scheduler.clock.advance(MINUTE);
    awaitRuns(1);
    scheduler.settle();
    assertThat(scheduler.inner.received()).as("no attempt before the pause is over").hasSize(1);

    creepUntilRuns(2);
    scheduler.inner.answer("/orders/pull", 204);
    creepUntilRuns(3);

    await().until(() -> scheduler.schedule("orders").lastRun().isPresent());
    assertThat(scheduler.schedule("orders").lastRun().orElseThrow())
        .satisfies(
            run -> {
              assertThat(run.httpStatus()).isEqualTo(204);
              assertThat(run.attempts()).isEqualTo(3);
              assertThat(run.duration()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(10));
            });
  }

  @Test
  void runIsNotTriedAgainBeyondItsInterval() throws Exception {
    scheduler.services.put(service("quick").schedule("/tick", Duration.ofSeconds(1)));
    scheduler.inner.answer("/quick/tick", 503);
    await().until(() -> scheduler.schedules().size() == 2);

    ScheduleStatus schedule = scheduler.command("quick", 0, Action.RUN);

    assertThat(schedule.lastRun().orElseThrow().httpStatus()).isEqualTo(503);
    assertThat(schedule.lastRun().orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void serviceThatNeverAnswersIsAFailureWithAReason() throws Exception {
    scheduler.options =
        scheduler.options.withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(1));
    scheduler.restart();
    scheduler.services.put(service("slow").schedule("/tick", Duration.ofSeconds(1)));
    scheduler.inner.answer("/slow/tick", request -> Promise.<Answer>promise().future());
    await().until(() -> scheduler.schedules().size() == 2);

    ScheduleStatus.RunResult run = scheduler.command("slow", 0, Action.RUN).lastRun().orElseThrow();

    assertThat(run.httpStatus()).isZero();
    assertThat(run.error()).isEqualTo("no answer within 200 ms");
  }

  @Test
  void pauseHoldsAlsoAfterARestart() throws Exception {
    assertThat(scheduler.command("orders", 0, Action.PAUSE))
        .satisfies(
            schedule -> {
              assertThat(schedule.paused()).isTrue();
              assertThat(schedule.nextRunAt()).isEmpty();
            });
    scheduler.restart();
    scheduler.clock.advance(MINUTE.multipliedBy(3));
    scheduler.settle();
    assertThat(scheduler.schedule("orders").paused()).isTrue();
    assertThat(scheduler.inner.received()).isEmpty();

    ScheduleStatus resumed = scheduler.command("orders", 0, Action.RESUME);
    assertThat(resumed.nextRunAt()).hasValue(scheduler.clock.instant().plus(MINUTE));
    scheduler.clock.advance(MINUTE);
    awaitRuns(1);
  }

  @Test
  void pauseThatCannotBeWrittenDownDoesNotHappen() throws Exception {
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("wasmrunner.db"));
        var statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> scheduler.command("orders", 0, Action.PAUSE))
          .isInstanceOfSatisfying(
              RequestFailedException.class,
              failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(failure.code()).isEqualTo("WR-4102");
              });
      statement.execute("ROLLBACK");
    }
    assertThat(scheduler.schedule("orders").paused()).isFalse();
    scheduler.clock.advance(MINUTE);
    awaitRuns(1);
  }

  @Test
  void twoTogglesAtOnceCancelEachOther() throws Exception {
    Future<ScheduleReply> first = scheduler.commanding("orders", 0, Action.TOGGLE);
    Future<ScheduleReply> second = scheduler.commanding("orders", 0, Action.TOGGLE);
    get(first);

    assertThat(get(second).schedule().paused()).isFalse();
    scheduler.restart();
    assertThat(scheduler.schedule("orders").paused()).isFalse();
  }

  @Test
  void runNowJoinsTheRunUnderWay() throws Exception {
    Promise<Answer> answer = Promise.promise();
    scheduler.inner.answer("/orders/pull", request -> answer.future());
    scheduler.clock.advance(MINUTE);
    awaitRuns(1);
    assertThat(scheduler.schedule("orders").running()).isTrue();

    Future<ScheduleReply> joined = scheduler.commanding("orders", 0, Action.RUN);
    scheduler.settle();
    assertThat(joined.isComplete()).isFalse();
    answer.complete(Answer.status(201));

    ScheduleStatus after = get(joined).schedule();
    assertThat(after.lastRun().orElseThrow().httpStatus()).isEqualTo(201);
    assertThat(after.running()).isFalse();
    assertThat(scheduler.inner.received()).hasSize(1);
  }

  @Test
  void nothingRunsOnceItIsToBeQuietButWhatIsPublishedIsKept() throws Exception {
    scheduler.quiesce();
    assertThatThrownBy(() -> scheduler.command("orders", 0, Action.RUN))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> assertThat(failure.code()).isEqualTo("WR-4104"));
    scheduler.clock.advance(MINUTE.multipliedBy(2));
    scheduler.settle();
    assertThat(scheduler.inner.received()).isEmpty();
    assertThat(scheduler.publish("created", "x").messageCount()).isEqualTo(1);
    scheduler.restart();
    assertThat(scheduler.publish("created", "y").messageCount()).isEqualTo(2);
  }

  @Test
  void plannedRunDoesNotOverlapALongOne() throws Exception {
    Promise<Answer> answer = Promise.promise();
    scheduler.inner.answer("/orders/pull", request -> answer.future());
    scheduler.clock.advance(MINUTE);
    awaitRuns(1);
    scheduler.clock.advance(MINUTE.multipliedBy(2).plusSeconds(10));
    scheduler.settle();
    assertThat(scheduler.inner.received()).hasSize(1);

    answer.complete(Answer.status(200));

    awaitNextRun(TestingClock.START.plusSeconds(240));
  }

  @Test
  void runNowWorksWhilePausedAndKeepsThePause() throws Exception {
    scheduler.command("orders", 0, Action.PAUSE);

    ScheduleStatus after = scheduler.command("orders", 0, Action.RUN);

    assertThat(after.lastRun().orElseThrow().httpStatus()).isEqualTo(200);
    assertThat(after.paused()).isTrue();
    assertThat(after.nextRunAt()).isEmpty();
  }

  @Test
  void overdueRunsBecomeOneAfterARestart() throws Exception {
    scheduler.stop();
    scheduler.clock.advance(MINUTE.multipliedBy(10));
    scheduler.start();

    awaitRuns(1);
    awaitNextRun(TestingClock.START.plusSeconds(660));
    scheduler.settle();
    assertThat(scheduler.inner.received()).hasSize(1);
  }

  @Test
  void restartNeitherDelaysNorHastensARun() throws Exception {
    scheduler.clock.advance(Duration.ofSeconds(40));
    scheduler.restart();
    scheduler.clock.advance(Duration.ofSeconds(19));
    scheduler.settle();
    assertThat(scheduler.inner.received()).isEmpty();

    scheduler.clock.advance(Duration.ofSeconds(1));
    awaitRuns(1);
  }

  @Test
  void runThatTheStopCutsOffIsMadeAgain() throws Exception {
    scheduler.options =
        scheduler.options.withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(100));
    scheduler.restart();
    scheduler.inner.answer("/orders/pull", request -> Promise.<Answer>promise().future());
    scheduler.clock.advance(MINUTE);
    awaitRuns(1);
    // Too late for another attempt in the same run.
    scheduler.clock.advance(Duration.ofSeconds(11));
    scheduler.stop();
    scheduler.inner.answer("/orders/pull", 200);
    scheduler.start();

    awaitRuns(2);
    await().until(() -> scheduler.schedule("orders").lastRun().isPresent());
    assertThat(scheduler.schedule("orders").lastRun().orElseThrow().httpStatus()).isEqualTo(200);
  }

  @Test
  void overdueRunWaitsForAServiceThatIsStarting() throws Exception {
    scheduler.services.put(
        service("orders").schedule("/pull", MINUTE).state(ServiceState.STARTING));
    scheduler.clock.advance(MINUTE.multipliedBy(2));
    scheduler.settle();
    assertThat(scheduler.inner.received()).isEmpty();

    scheduler.services.put(service("orders").schedule("/pull", MINUTE));
    awaitRuns(1);
  }

  @Test
  void scheduleWithAnotherPathIsAnotherSchedule() throws Exception {
    scheduler.command("orders", 0, Action.PAUSE);
    scheduler.services.put(service("orders").schedule("/fetch", MINUTE));

    await().until(() -> scheduler.schedule("orders").path().equals("/fetch"));
    assertThat(scheduler.schedule("orders").paused()).isFalse();
  }

  @Test
  void pathChangedWhileStoppedMakesAnotherScheduleToo() throws Exception {
    run();
    scheduler.command("orders", 0, Action.PAUSE);
    scheduler.stop();
    scheduler.services.put(service("orders").schedule("/fetch", MINUTE));
    scheduler.start();

    assertThat(scheduler.schedule("orders"))
        .satisfies(
            schedule -> {
              assertThat(schedule.path()).isEqualTo("/fetch");
              assertThat(schedule.paused()).isFalse();
              assertThat(schedule.lastRun()).isEmpty();
            });
  }

  @Test
  void scheduleOfARemovedServiceKeepsItsStateForItsReturn() throws Exception {
    scheduler.command("orders", 0, Action.PAUSE);
    scheduler.services.remove("orders");
    await().until(() -> scheduler.schedules().isEmpty());
    scheduler.restart();
    scheduler.services.put(service("orders").schedule("/pull", MINUTE));

    await().until(() -> scheduler.schedules().size() == 1);
    assertThat(scheduler.schedule("orders").paused()).isTrue();
  }

  @Test
  void shorterIntervalBringsTheNextRunNearer() throws Exception {
    scheduler.services.put(service("orders").schedule("/pull", Duration.ofSeconds(10)));

    awaitNextRun(TestingClock.START.plusSeconds(10));
  }

  @Test
  void clockSetBackDoesNotStopASchedule() throws Exception {
    scheduler.clock.advance(Duration.ofDays(-30));

    awaitNextRun(scheduler.clock.instant().plus(MINUTE));
  }

  @Test
  void unknownScheduleIsNotFound() {
    assertThatThrownBy(() -> scheduler.command("orders", 7, Action.RUN))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
              assertThat(failure.code()).isEqualTo("WR-4301");
              assertThat(failure).hasMessageContaining("orders/7");
            });
  }

  private ScheduleStatus run() throws Exception {
    return scheduler.command("orders", 0, Action.RUN);
  }

  private void awaitRuns(int count) {
    await().until(() -> scheduler.inner.received("/orders/pull").size() == count);
  }

  /** Lets the clock go on in small steps until there were so many runs. */
  private void creepUntilRuns(int count) {
    await()
        .until(
            () -> {
              scheduler.clock.advance(Duration.ofMillis(20));
              return scheduler.inner.received("/orders/pull").size() == count;
            });
  }

  private void awaitNextRun(Instant at) {
    await().until(() -> scheduler.schedule("orders").nextRunAt().filter(at::equals).isPresent());
  }
}
