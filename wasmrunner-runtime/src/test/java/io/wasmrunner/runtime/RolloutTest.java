package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.ServiceCommand.Action;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.PastGeneration;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.runtime.TestingLauncher.TestingRunner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How versions of a service replace each other, in a time that the test moves. */
final class RolloutTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String OTHER = ", \"env\": {\"COLOUR\": \"blue\"}";

  @TempDir Path folder;

  private TestingSupervision beside(int runners) {
    TestingSupervision demo = new TestingSupervision(folder, runners);
    demo.launcher.startsRunnersBeside();
    return demo.ready();
  }

  private static Optional<String> event(TestingSupervision demo, String kind) {
    return demo.events.stream()
        .filter(event -> event.kind().equals(kind))
        .reduce((first, second) -> second)
        .map(SystemEvent::message);
  }

  private static List<Long> generations(TestingSupervision demo) {
    return demo.service().runners().stream().map(RunnerStatus::generation).toList();
  }

  private static boolean blue(TestingRunner runner) {
    return "blue".equals(runner.spec.environment().get("COLOUR"));
  }

  /* ---- Well ---- */

  @Test
  void runnersAreReplacedOneAfterAnotherAndServeAllTheTime() {
    TestingSupervision demo = beside(2).change(OTHER);
    demo.advance(Duration.ofMillis(60));
    assertThat(generations(demo)).as("the second waits").containsExactly(2L, 1L);
    assertThat(demo.available()).containsExactly(0, 1);
    demo.advance(SECOND.plus(SECOND));
    assertThat(generations(demo)).containsExactly(2L, 2L);
    demo.advance(SECOND.plus(SECOND));
    assertThat(demo.eventKinds()).contains("deploy.done");
    assertThat(demo.launcher.started.subList(0, 2)).allMatch(runner -> runner.stopped);
    assertThat(demo.launcher.started.subList(2, 4)).allMatch(RolloutTest::blue);
    assertThat(demo.routes).allMatch(each -> each.routes().get(0).upstreams().size() == 2);
    assertThat(demo.service().state()).isEqualTo(ServiceState.READY);
  }

  @Test
  void theOldGenerationEndsWhenItsRequestsHave() {
    TestingSupervision demo = beside(1);
    demo.activity.put(1L, new UpstreamActivity(1, 5, 0, 0));
    demo.change(OTHER).advance(SECOND.multipliedBy(5));
    assertThat(demo.launcher.started.get(0).stopped).isFalse();
    assertThat(demo.runner(0).draining()).isEqualTo(1);
    demo.activity.put(1L, UpstreamActivity.NONE);
    demo.advance(SECOND);
    assertThat(demo.launcher.started.get(0).stopped).isTrue();
    assertThat(demo.runner(0).draining()).isZero();
  }

  @Test
  void aRequestThatNeverEndsIsCutAfterTheDrainTimeout() {
    TestingSupervision demo = beside(1);
    demo.activity.put(1L, new UpstreamActivity(1, 5, 0, 0));
    demo.change(OTHER + ", \"deploy\": {\"drain_timeout\": \"3s\"}").advance(MINUTE);
    assertThat(demo.launcher.started.get(0).stopped).isTrue();
  }

  @Test
  void aRunnerThatDiesMeanwhileIsReplacedByTheNewOne() {
    TestingSupervision demo = beside(1);
    demo.launcher.startUnhealthy();
    demo.change(OTHER).advance(SECOND);
    demo.launcher.started.get(0).exit(ExitCause.TRAP, "unreachable");
    demo.actor.settle();
    assertThat(demo.states()).containsExactly(RunnerState.BACKOFF);
    demo.launcher.started.get(1).healthy = true;
    demo.advance(SECOND);
    assertThat(demo.states()).containsExactly(RunnerState.READY);
    assertThat(blue(demo.launcher.runner(0)) || blue(demo.launcher.started.get(1))).isTrue();
    demo.advance(MINUTE);
    assertThat(demo.eventKinds()).contains("deploy.done");
  }

  @Test
  void aRunnerThatDoesNotEndEndsTheChangeAndComesBackWhenItDoes() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    TestingRunner stubborn = demo.launcher.runner(0);
    stubborn.stubborn = true;
    demo.change(OTHER).advance(MINUTE);
    assertThat(event(demo, "deploy.failed")).get().asString().contains("does not end");
    assertThat(demo.launcher.started).hasSize(1);
    stubborn.exit(ExitCause.STOPPED, "stopped");
    demo.advance(SECOND.multipliedBy(5));
    assertThat(demo.states()).containsExactly(RunnerState.READY);
    assertThat(blue(demo.launcher.runner(0))).as("of the version before").isFalse();
  }

  @Test
  void withSurgePortsAProcessIsReplacedByOneAtTheOtherBlock() {
    int surge = TestingServices.freePorts(2);
    String ports = ", \"deploy\": {\"surge_ports\": %d}".formatted(surge);
    TestingSupervision demo = new TestingSupervision(folder, 1, ports).ready();
    demo.change(ports + OTHER).advance(SECOND.multipliedBy(5));
    assertThat(demo.runner(0).address().port()).isEqualTo(surge);
    assertThat(demo.launcher.runner(0).spec.environment())
        .containsEntry("WR_RUNNER_PORT", Integer.toString(surge));
    assertThat(demo.available()).containsExactly(0);
    demo.change(ports).advance(SECOND.multipliedBy(5));
    assertThat(demo.runner(0).address().port()).isEqualTo(demo.port);
  }

  /* ---- Not well ---- */

  @Test
  void aVersionThatNeverGetsReadyChangesNothing() {
    TestingSupervision demo = beside(2);
    demo.launcher.startUnhealthy();
    demo.change(OTHER).advance(MINUTE.plus(SECOND));
    assertThat(event(demo, "deploy.failed").orElseThrow())
        .contains("demo/0: start_timeout", "not fine", "the version before goes on");
    assertThat(generations(demo)).containsExactly(1L, 1L);
    assertThat(demo.available()).containsExactly(0, 1);
    assertThat(demo.launcher.started).hasSize(3);
    assertThat(demo.launcher.started.get(2).stopped).isTrue();
    assertThat(demo.service().state()).isEqualTo(ServiceState.READY);
  }

  @Test
  void whatWasReplacedBeforeTheFailureGoesBack() {
    TestingSupervision demo = beside(2).change(OTHER);
    demo.advance(Duration.ofMillis(60));
    demo.launcher.startUnhealthy();
    demo.advance(SECOND.plus(SECOND));
    assertThat(demo.launcher.started).hasSize(4);
    demo.launcher.startHealthy();
    demo.advance(MINUTE.plus(MINUTE));
    assertThat(event(demo, "deploy.failed").orElseThrow()).contains("demo/1: start_timeout");
    assertThat(blue(demo.launcher.runner(0))).isFalse();
    assertThat(generations(demo)).containsExactly(3L, 1L);
    assertThat(demo.available()).containsExactly(0, 1);
  }

  @Test
  void aVersionThatDoesNotStayHealthyGoesBack() {
    TestingSupervision demo = beside(1).change(OTHER);
    demo.advance(Duration.ofMillis(60));
    demo.launcher.runner(0).exit(ExitCause.TRAP, "unreachable");
    demo.advance(MINUTE);
    assertThat(event(demo, "deploy.failed").orElseThrow()).contains("did not stay healthy");
    assertThat(blue(demo.launcher.runner(0))).isFalse();
    assertThat(demo.states()).containsExactly(RunnerState.READY);
  }

  @Test
  void aVersionThatFailsRequestsGoesBack() {
    TestingSupervision demo = beside(1);
    demo.activity.put(1L, new UpstreamActivity(0, 1000, 10, 1_000_000));
    demo.activity.put(2L, new UpstreamActivity(0, 20, 10, 20_000));
    demo.change(OTHER).advance(MINUTE);
    assertThat(event(demo, "deploy.failed").orElseThrow())
        .contains("10 of its 20 requests failed, of the version before 10 of 1000");
    assertThat(blue(demo.launcher.runner(0))).isFalse();
  }

  @Test
  void withoutAutoRevertItStays() {
    TestingSupervision demo = beside(1);
    demo.activity.put(2L, new UpstreamActivity(0, 20, 10, 20_000));
    demo.change(OTHER + ", \"deploy\": {\"auto_revert\": false}").advance(MINUTE);
    assertThat(demo.eventKinds()).contains("deploy.failed");
    assertThat(blue(demo.launcher.runner(0))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 0, 1000000, 9, 9, 9000, false", // too few to tell
    "1000, 0, 1000000, 10, 1, 10000, true", // 10 % more fail
    "1000, 100, 1000000, 100, 15, 100000, false", // 5 % more fail
    "0, 0, 0, 10, 5, 10000, true", // nothing to compare with
    "1000, 0, 1000000, 10, 0, 500000, false", // 50 ms instead of 1 ms
    "1000, 0, 1000000, 10, 0, 600000, true", // 60 ms instead of 1 ms
    "1000, 0, 100000000, 10, 0, 3000000, false", // 300 ms instead of 100 ms
    "0, 0, 0, 10, 0, 9000000, false", // slow, but nothing to compare with
  })
  void onlyWhatLeavesNoDoubtIsWorse(
      long completed,
      long failed,
      long micros,
      long now,
      long nowFailed,
      long nowMicros,
      boolean worse) {
    assertThat(
            LiveComparison.worse(
                    new UpstreamActivity(0, completed, failed, micros),
                    new UpstreamActivity(0, now, nowFailed, nowMicros))
                .isPresent())
        .isEqualTo(worse);
  }

  /* ---- One upon the other ---- */

  @Test
  void aSecondRestartEndsTheGenerationOfTheFirst() {
    TestingSupervision demo = beside(1);
    demo.launcher.startUnhealthy();
    demo.act(Action.RESTART, OptionalInt.of(0));
    demo.launcher.startHealthy();
    demo.act(Action.RESTART, OptionalInt.of(0));
    assertThat(demo.launcher.started).hasSize(3);
    assertThat(demo.launcher.started.get(1).stopped).isTrue();
    demo.advance(SECOND);
    assertThat(generations(demo)).containsExactly(3L);
    assertThat(demo.launcher.started.get(0).stopped).isTrue();
    assertThat(demo.launcher.started.get(2).stopped).isFalse();
  }

  @Test
  void aRestartWaitsForAPortThatIsChangingHands() {
    TestingSupervision demo = beside(1);
    CompletableFuture<Void> takeOver = demo.launcher.delayTakeOvers();
    demo.act(Action.RESTART, OptionalInt.of(0));
    demo.advance(SECOND);
    demo.act(Action.RESTART, OptionalInt.of(0));
    demo.advance(SECOND);
    assertThat(demo.launcher.started).hasSize(2);
    takeOver.complete(null);
    demo.advance(SECOND);
    assertThat(generations(demo)).containsExactly(3L);
    assertThat(demo.launcher.started.subList(0, 2)).allMatch(runner -> runner.stopped);
    assertThat(demo.launcher.started.get(2).stopped).isFalse();
  }

  @Test
  void aStopWhileAPortChangesHandsEndsBoth() {
    TestingSupervision demo = beside(1);
    CompletableFuture<Void> takeOver = demo.launcher.delayTakeOvers();
    demo.act(Action.RESTART, OptionalInt.of(0));
    demo.advance(SECOND);
    demo.act(Action.STOP);
    takeOver.complete(null);
    demo.advance(SECOND);
    assertThat(demo.launcher.started).hasSize(2).allMatch(runner -> runner.stopped);
    assertThat(demo.service().state()).isEqualTo(ServiceState.STOPPED);
  }

  /* ---- Stops and starts ---- */

  @Test
  void aStopLetsRequestsEnd() {
    TestingSupervision demo = beside(1);
    demo.requestsUnderWay = 1;
    demo.act(Action.STOP);
    demo.advance(SECOND);
    assertThat(demo.available()).isEmpty();
    assertThat(demo.launcher.runner(0).stopped).isFalse();
    demo.requestsUnderWay = 0;
    demo.advance(SECOND);
    assertThat(demo.launcher.runner(0).stopped).isTrue();
    assertThat(demo.service().state()).isEqualTo(ServiceState.STOPPED);
    demo.act(Action.START);
    demo.advance(SECOND);
    assertThat(demo.service().state()).isEqualTo(ServiceState.READY);
  }

  @Test
  void aStartDuringAStopComesAfterIt() {
    TestingSupervision demo = beside(1);
    demo.requestsUnderWay = 1;
    demo.act(Action.STOP);
    demo.act(Action.START);
    demo.advance(SECOND);
    assertThat(demo.launcher.started).hasSize(1);
    demo.requestsUnderWay = 0;
    demo.advance(SECOND);
    assertThat(demo.service().state()).isEqualTo(ServiceState.READY);
    assertThat(demo.launcher.started).hasSize(2);
  }

  @Test
  void aStopDuringARolloutEndsBoth() {
    TestingSupervision demo = beside(1);
    demo.launcher.startUnhealthy();
    demo.change(OTHER).advance(SECOND);
    demo.act(Action.STOP);
    demo.advance(MINUTE);
    assertThat(demo.launcher.started).hasSize(2).allMatch(runner -> runner.stopped);
    assertThat(demo.service().state()).isEqualTo(ServiceState.STOPPED);
  }

  @ParameterizedTest
  @CsvSource({
    "always, COMPLETED, READY",
    "always, TRAP, READY",
    "on_failure, COMPLETED, STOPPED",
    "on_failure, TRAP, READY",
    "never, TRAP, STOPPED",
  })
  void thePolicySaysWhetherARunnerStartsAgain(String policy, ExitCause cause, RunnerState state) {
    String json = ", \"restart\": {\"policy\": \"%s\"}".formatted(policy);
    TestingSupervision demo = new TestingSupervision(folder, 1, json).ready();
    demo.launcher.runner(0).exit(cause, "so");
    demo.advance(SECOND.plus(SECOND));
    assertThat(demo.states()).containsExactly(state);
    demo.act(Action.START);
    demo.advance(SECOND);
    assertThat(demo.states()).containsExactly(RunnerState.READY);
  }

  @Test
  void withoutIntensityThereIsNoCrashLoop() {
    String json = ", \"restart\": {\"intensity\": 0, \"max_backoff\": \"400ms\"}";
    TestingSupervision demo = new TestingSupervision(folder, 1, json).ready();
    for (int i = 0; i < 50; i++) {
      demo.launcher.runner(0).exit(ExitCause.TRAP, "again");
      demo.advance(SECOND);
      assertThat(demo.states()).containsExactly(RunnerState.READY);
    }
    assertThat(demo.eventKinds()).doesNotContain("runner.crash_loop");
  }

  @Test
  void theLastGenerationsAreKeptWithTheirLastLines() {
    TestingSupervision demo =
        new TestingSupervision(folder, 1, ", \"restart\": {\"intensity\": 0}").ready();
    for (int i = 1; i <= 7; i++) {
      TestingRunner runner = demo.launcher.runner(0);
      for (int line = 0; line < 30; line++) {
        runner.output.stderr(
            ByteBuffer.wrap("%d: %d\n".formatted(i, line).getBytes(StandardCharsets.UTF_8)));
      }
      runner.exit(ExitCause.TRAP, "number " + i);
      demo.advance(MINUTE);
    }
    List<PastGeneration> past = demo.runner(0).past();
    assertThat(past).hasSize(Past.MOST);
    assertThat(past.get(0).generation()).isEqualTo(7);
    assertThat(past.get(0).exit().detail()).isEqualTo("number 7");
    assertThat(past.get(0).output()).hasSize(RecentLines.MOST).endsWith("7: 29");
  }
}
