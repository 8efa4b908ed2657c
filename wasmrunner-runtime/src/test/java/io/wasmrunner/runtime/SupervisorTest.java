package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.model.DeploySettings;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.RestartSettings;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.TestingLauncher.TestingRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupervisorTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;

  /* ---- Start ---- */

  @Test
  void startsRunnersOnConsecutivePortsWithTheirEnvironment() {
    TestingSupervision demo =
        new TestingSupervision(
                folder, 2, ", \"env\": {\"COLOUR\": \"red\"}, \"memory_limit_mb\": 64")
            .started();
    assertThat(demo.launcher.started).hasSize(2);
    TestingRunner second = demo.launcher.runner(1);
    assertThat(second.spec.address().port()).isEqualTo(demo.port + 1);
    assertThat(second.spec.memoryLimitBytes()).isEqualTo(64L << 20);
    assertThat(second.spec.environment())
        .isEqualTo(
            Map.of(
                "WR_RUNNER_PORT", Integer.toString(demo.port + 1),
                "WR_RUNNER_INDEX", "1",
                "WR_RUNNER_INSTANCES", "2",
                "RUNNER_BASE_URL", "http://127.0.0.1:14000",
                "COLOUR", "red"));
  }

  @Test
  void getsRequestsOnlyOnceItIsHealthy() {
    TestingSupervision demo = new TestingSupervision(folder, 2);
    demo.launcher.startUnhealthy();
    demo.started();
    demo.advance(SECOND);
    assertThat(demo.states()).containsOnly(RunnerState.STARTING);
    assertThat(demo.available()).isEmpty();
    demo.launcher.runner(1).healthy = true;
    demo.advance(SECOND);
    assertThat(demo.states()).containsExactly(RunnerState.STARTING, RunnerState.READY);
    assertThat(demo.available()).containsExactly(1);
    assertThat(demo.service().state()).isEqualTo(ServiceState.DEGRADED);
  }

  @Test
  void isReadyAFewMillisecondsAfterTheRunnerIs() {
    TestingSupervision demo = new TestingSupervision(folder, 2).started();
    demo.advance(Duration.ofMillis(60));
    assertThat(demo.service().state()).isEqualTo(ServiceState.READY);
    assertThat(demo.available()).containsExactly(0, 1);
    assertThat(demo.eventKinds())
        .containsExactly(
            "runner.started", "runner.started", "runner.ready", "runner.ready", "service.ready");
    assertThat(demo.service().digest())
        .hasValueSatisfying(d -> assertThat(d).startsWith("sha256:"));
  }

  @Test
  void waitsForSeveralPassesWhereAskedTo() {
    TestingSupervision demo = new TestingSupervision(folder, 1, "", ", \"healthy_after\": 3");
    demo.started();
    demo.advance(Duration.ofMillis(130));
    assertThat(demo.states()).containsExactly(RunnerState.STARTING);
    demo.advance(Duration.ofMillis(200));
    assertThat(demo.states()).containsExactly(RunnerState.READY);
  }

  @Test
  void aModuleThatCannotRunIsInvalidAndHasNoRoute() {
    TestingSupervision demo = new TestingSupervision(folder, 2);
    demo.launcher.refuseModule(
        new WasmrunnerException("WR-6006", "imports env.magic, which nobody provides", "Rebuild."));
    demo.started();
    assertThat(demo.service().state()).isEqualTo(ServiceState.INVALID);
    assertThat(demo.service().violations().get(0).describe())
        .isEqualTo(
            "WR-6006 demo/demo.wasm: expected a module that can run here, got imports env.magic,"
                + " which nobody provides. Fix: Rebuild.");
    assertThat(demo.routes.get(0).routes()).isEmpty();
    assertThat(demo.eventKinds()).containsExactly("service.invalid");
    assertThat(demo.launcher.closed()).isTrue();
  }

  @Test
  void aRunnerThatIsNeverHealthyIsStartedAgain() {
    TestingSupervision demo = new TestingSupervision(folder, 1);
    demo.launcher.startUnhealthy();
    demo.started();
    demo.advance(RestartSettings.DEFAULT.startTimeout().plus(SECOND));
    assertThat(demo.launcher.started).hasSize(2);
    assertThat(demo.runner(0).lastExit())
        .hasValueSatisfying(
            exit -> {
              assertThat(exit.cause()).isEqualTo(ExitCause.START_TIMEOUT);
              assertThat(exit.detail()).isEqualTo("not healthy within 60 s; last probe: not fine");
            });
  }

  @Test
  void aTakenPortIsExplainedAndTriedAgain() throws IOException {
    TestingSupervision demo = new TestingSupervision(folder, 1);
    try (ServerSocket taken = new ServerSocket(demo.port, 1, InetAddress.getLoopbackAddress())) {
      demo.started();
      RunnerExit exit = demo.runner(0).lastExit().orElseThrow();
      assertThat(exit.cause()).isEqualTo(ExitCause.PORT_IN_USE);
      assertThat(exit.detail()).contains("port " + taken.getLocalPort() + " is in use");
      assertThat(demo.states()).containsExactly(RunnerState.BACKOFF);
    }
    demo.advance(SECOND);
    assertThat(demo.states()).containsExactly(RunnerState.READY);
  }

  @Test
  void aStartThatFailsIsAnEngineFailureWithItsCode() {
    TestingSupervision demo = new TestingSupervision(folder, 1);
    demo.launcher.refuseStarts(new WasmrunnerException("WR-9999", "no luck", "Try again."));
    demo.started();
    assertThat(demo.runner(0).lastExit())
        .hasValueSatisfying(
            exit -> {
              assertThat(exit.cause()).isEqualTo(ExitCause.ENGINE_FAILURE);
              assertThat(exit.detail()).isEqualTo("WR-9999: no luck. Fix: Try again.");
            });
    assertThat(demo.service().state()).isEqualTo(ServiceState.DOWN);
  }

  /* ---- End and restart ---- */

  @Test
  void aDeadRunnerLosesItsRequestsAtOnceAndComesBack() {
    TestingSupervision demo = new TestingSupervision(folder, 2).ready();
    demo.launcher.runner(0).exit(ExitCause.TRAP, "unreachable");
    demo.actor.settle();
    assertThat(demo.available()).containsExactly(1);
    assertThat(demo.states()).containsExactly(RunnerState.BACKOFF, RunnerState.READY);
    assertThat(demo.runner(0).nextStartAt())
        .contains(demo.clock.instant().plus(RestartSettings.DEFAULT.backoff()));
    demo.advance(SECOND);
    assertThat(demo.available()).containsExactly(0, 1);
    assertThat(demo.runner(0).generation()).isEqualTo(2);
    assertThat(demo.runner(0).restarts()).isEqualTo(1);
    assertThat(demo.runner(0).lastExit()).map(RunnerExit::cause).contains(ExitCause.TRAP);
    assertThat(demo.logTexts())
        .contains(
            "0 ERROR ended, trap: unreachable",
            "0 WARN starts again in 200 ms",
            "0 INFO ready after 50 ms");
    assertThat(demo.eventKinds()).contains("runner.exited", "runner.backoff");
  }

  @Test
  void aRunnerThatDiesAgainAndAgainIsInACrashLoopAndStillTried() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    for (int i = 0; i < 6; i++) {
      demo.launcher.runner(0).exit(ExitCause.EXIT_CODE, "exited with code 1");
      demo.actor.settle();
      demo.advance(Duration.between(demo.clock.instant(), demo.runner(0).nextStartAt().get()));
    }
    assertThat(demo.eventKinds()).contains("runner.crash_loop");
    demo.launcher.runner(0).exit(ExitCause.EXIT_CODE, "exited with code 1");
    demo.actor.settle();
    assertThat(demo.states()).containsExactly(RunnerState.CRASH_LOOP);
    assertThat(demo.runner(0).nextStartAt())
        .contains(demo.clock.instant().plus(RestartSettings.DEFAULT.maxBackoff()));
    demo.advance(RestartSettings.DEFAULT.maxBackoff().plus(SECOND));
    assertThat(demo.states()).containsExactly(RunnerState.READY);
    demo.advance(RestartSettings.DEFAULT.resetAfter());
    demo.launcher.runner(0).exit(ExitCause.EXIT_CODE, "exited with code 1");
    demo.actor.settle();
    assertThat(demo.states()).as("after a stable time").containsExactly(RunnerState.BACKOFF);
    assertThat(demo.runner(0).nextStartAt())
        .contains(demo.clock.instant().plus(RestartSettings.DEFAULT.backoff()));
  }

  @Test
  void pausesDouble() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    for (int millis = 200; millis <= 1600; millis *= 2) {
      demo.launcher.runner(0).exit(ExitCause.COMPLETED, "exited with code 0");
      demo.actor.settle();
      assertThat(demo.runner(0).nextStartAt())
          .contains(demo.clock.instant().plus(Duration.ofMillis(millis)));
      demo.advance(Duration.ofMillis(millis));
    }
  }

  /* ---- Health ---- */

  @Test
  void anUnhealthyRunnerGetsNoRequestsUntilItIsWell() {
    TestingSupervision demo = new TestingSupervision(folder, 2).ready();
    demo.launcher.runner(0).healthy = false;
    demo.advance(Duration.ofSeconds(6));
    assertThat(demo.states()).containsExactly(RunnerState.UNHEALTHY, RunnerState.READY);
    assertThat(demo.available()).containsExactly(1);
    assertThat(demo.runner(0).lastProbe())
        .hasValueSatisfying(probe -> assertThat(probe.detail()).isEqualTo("not fine"));
    demo.launcher.runner(0).healthy = true;
    demo.advance(SECOND);
    assertThat(demo.available()).containsExactly(0, 1);
    assertThat(demo.launcher.started).hasSize(2);
  }

  @Test
  void everyRunnerIsProbedAtTheIntervalAlthoughAnotherIsSilent() {
    TestingSupervision demo = new TestingSupervision(folder, 3).ready();
    demo.launcher.runner(0).silent = true;
    int before = demo.launcher.runner(2).probes;
    demo.advance(Duration.ofSeconds(50));
    assertThat(demo.launcher.runner(2).probes - before).isEqualTo(10);
    assertThat(demo.runner(0).lastProbe())
        .hasValueSatisfying(probe -> assertThat(probe.detail()).isEqualTo("no answer in 2 s"));
  }

  @Test
  void aSuspectedRunnerIsProbedAtOnce() {
    TestingSupervision demo = new TestingSupervision(folder, 2).ready();
    demo.launcher.runner(0).healthy = false;
    int before = demo.launcher.runner(0).probes;
    demo.suspect(0, 1);
    demo.suspect(0, 1);
    assertThat(demo.launcher.runner(0).probes - before).as("not more often").isEqualTo(1);
    demo.advance(Probing.PAUSE_AFTER_FAILURE);
    assertThat(demo.available()).containsExactly(1);
  }

  @Test
  void aSuspicionAgainstAnEarlierGenerationIsIgnored() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    demo.launcher.runner(0).exit(ExitCause.TRAP, "unreachable");
    demo.advance(SECOND);
    int before = demo.launcher.runner(0).probes;
    demo.suspect(0, 1);
    assertThat(demo.launcher.runner(0).probes).isEqualTo(before);
  }

  @Test
  void aHungRunnerIsStartedAgain() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    TestingRunner hung = demo.launcher.runner(0);
    hung.silent = true;
    hung.idle = Duration.ofSeconds(11);
    demo.advance(Duration.ofSeconds(15));
    assertThat(hung.stopped).isTrue();
    assertThat(demo.runner(0).lastExit())
        .hasValueSatisfying(
            exit -> {
              assertThat(exit.cause()).isEqualTo(ExitCause.HUNG);
              assertThat(exit.detail())
                  .isEqualTo("no call to the host for 11 s, and failed probes");
            });
    assertThat(demo.states()).containsExactly(RunnerState.READY);
    assertThat(demo.launcher.started).hasSize(2);
  }

  @Test
  void aSlowRunnerThatStillCallsTheHostIsNotHung() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    demo.launcher.runner(0).silent = true;
    demo.advance(Duration.ofMinutes(5));
    assertThat(demo.states()).containsExactly(RunnerState.UNHEALTHY);
    assertThat(demo.launcher.started).hasSize(1);
  }

  @Test
  void aRunnerThatDoesNotComeBackFromACallIsHung() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    TestingRunner hung = demo.launcher.runner(0);
    hung.silent = true;
    hung.waiting = HangCheck.WAITING;
    demo.advance(Duration.ofSeconds(15));
    assertThat(hung.stopped).as("it may wait for another service").isFalse();
    hung.waiting = Duration.ofSeconds(61);
    demo.advance(Supervision.METERING);
    assertThat(hung.stopped).isTrue();
    assertThat(demo.runner(0).lastExit())
        .hasValueSatisfying(
            exit -> {
              assertThat(exit.cause()).isEqualTo(ExitCause.HUNG);
              assertThat(exit.detail())
                  .isEqualTo("it waits in sock_recv for 61 s, and failed probes");
            });
  }

  @Test
  void aCallMayTakeAsLongAsARequest() {
    String patient = ", \"timeouts\": {\"first_byte\": \"10m\"}";
    TestingSupervision demo = new TestingSupervision(folder, 1, patient).ready();
    TestingRunner waiting = demo.launcher.runner(0);
    waiting.silent = true;
    waiting.waiting = Duration.ofMinutes(9);
    demo.advance(Duration.ofMinutes(1));
    assertThat(waiting.stopped).isFalse();
  }

  @Test
  void aRefusedDescriptorIsAnEvent() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    demo.launcher.runner(0).descriptorRefusals = 2;
    demo.advance(Supervision.METERING);
    assertThat(demo.eventKinds()).contains("runner.descriptor_refused");
    assertThat(demo.logTexts())
        .contains("0 WARN was refused a file or socket: it has 1024 of 1024 open");
    assertThat(demo.runner(0).activity().descriptorRefusals()).isEqualTo(2);
    assertThat(demo.runner(0).activity().throttled()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void refusedMemoryIsAnEvent() {
    TestingSupervision demo = new TestingSupervision(folder, 1, ", \"memory_limit_mb\": 8").ready();
    demo.launcher.runner(0).refusals = 1;
    demo.launcher.runner(0).memory = 8 << 20;
    demo.advance(Supervision.METERING);
    assertThat(demo.eventKinds()).contains("runner.memory_refused");
    assertThat(demo.logTexts()).contains("0 WARN was refused more memory: it has 8 of 8 MiB");
    assertThat(demo.runner(0).memoryBytes()).isEqualTo(8 << 20);
  }

  /* ---- Better code ---- */

  @Test
  void interpretedRunnersServeAndAreReplacedOneAfterAnother() {
    TestingSupervision demo = new TestingSupervision(folder, 2).startedInterpreted();
    demo.advance(Duration.ofMillis(100));
    assertThat(demo.available()).containsExactly(0, 1);
    assertThat(demo.runner(0).code()).isEqualTo("interpreted");
    demo.launcher.bestCode.complete(null);
    demo.actor.settle();
    assertThat(demo.states()).containsExactly(RunnerState.DRAINING, RunnerState.READY);
    assertThat(demo.available()).containsExactly(1);
    assertThat(demo.launcher.runner(0).stopped).as("still drains").isFalse();
    TestingRunner first = demo.launcher.runner(0);
    demo.advance(Quiet.CHECK);
    assertThat(first.handedOver).isTrue();
    assertThat(demo.states()).containsExactly(RunnerState.STARTING, RunnerState.READY);
    demo.advance(Duration.ofMillis(60));
    assertThat(demo.available()).containsExactly(0);
    demo.advance(Quiet.CHECK.plus(SECOND));
    assertThat(demo.available()).containsExactly(0, 1);
    assertThat(demo.runner(0).restarts()).as("nobody restarted by itself").isZero();
    assertThat(demo.runner(1).code()).isEqualTo("compiled");
    assertThat(demo.launcher.started).hasSize(4);
    demo.advance(Duration.ofMinutes(2));
    assertThat(demo.launcher.started).as("replaced once").hasSize(4);
  }

  @Test
  void theOnlyRunnerIsReplacedWithoutLeavingTheRoutes() {
    TestingSupervision demo = new TestingSupervision(folder, 1).startedInterpreted();
    demo.advance(Duration.ofMillis(100));
    demo.launcher.bestCode.complete(null);
    demo.requestsUnderWay = 1;
    demo.advance(SECOND);
    assertThat(demo.states()).as("busy: not now").containsExactly(RunnerState.READY);
    assertThat(demo.launcher.started).hasSize(1);
    demo.requestsUnderWay = 0;
    demo.advance(Quiet.CHECK);
    assertThat(demo.launcher.started).hasSize(2);
    assertThat(demo.launcher.started.get(0).handedOver).isTrue();
    assertThat(demo.states()).containsExactly(RunnerState.STARTING);
    assertThat(demo.available()).containsExactly(0);
    demo.advance(SECOND);
    assertThat(demo.states()).containsExactly(RunnerState.READY);
    assertThat(demo.runner(0).code()).isEqualTo("compiled");
  }

  @Test
  void aRequestThatNeverEndsDoesNotKeepARunnerForEver() {
    TestingSupervision demo = new TestingSupervision(folder, 2).startedInterpreted();
    demo.advance(Duration.ofMillis(100));
    demo.requestsUnderWay = 1;
    demo.launcher.bestCode.complete(null);
    demo.advance(DeploySettings.DEFAULT.drainTimeout().minus(SECOND));
    assertThat(demo.launcher.started).hasSize(2);
    demo.advance(SECOND.plus(SECOND));
    assertThat(demo.launcher.started).hasSize(3);
  }

  @Test
  void runnersThatServeNobodyAreReplacedTogetherAtOnce() {
    TestingSupervision demo = new TestingSupervision(folder, 3);
    demo.launcher.startUnhealthy();
    demo.startedInterpreted();
    demo.launcher.bestCode.complete(null);
    demo.actor.settle();
    assertThat(demo.launcher.started).hasSize(6);
  }

  @Test
  void codeThatIsThereInTimeIsWaitedFor() {
    TestingSupervision demo = new TestingSupervision(folder, 2);
    demo.startedWhileLoadingCode();
    demo.advance(VersionStart.CODE_WAIT.dividedBy(2));
    assertThat(demo.launcher.started).isEmpty();
    demo.launcher.bestCode.complete(null);
    demo.advance(SECOND);
    assertThat(demo.launcher.started).hasSize(2);
    assertThat(demo.available()).containsExactly(0, 1);
  }

  @Test
  void whatTheLauncherFindsOutAboutTheModuleIsShownOnceItIsKnown() {
    TestingSupervision demo = new TestingSupervision(folder, 1);
    ModuleHint hint = new ModuleHint("huge_functions", 3, List.of("f (9000)"));
    demo.launcher.hints = () -> Collections.nCopies(1000, hint);
    demo.startedInterpreted();
    assertThat(demo.service().hints()).isEmpty();
    demo.launcher.bestCode.complete(null);
    demo.actor.settle();
    assertThat(demo.service().hints()).hasSize(10).containsOnly(hint);
  }

  @Test
  void aLauncherThatFailsToTellAboutTheModuleHurtsNobody() {
    TestingSupervision demo = new TestingSupervision(folder, 1);
    demo.launcher.hints =
        () -> {
          throw new IllegalStateException("no idea");
        };
    demo.startedInterpreted();
    demo.launcher.bestCode.complete(null);
    demo.advance(SECOND);
    assertThat(demo.service().hints()).isEmpty();
    assertThat(demo.available()).containsExactly(0);
  }

  @Test
  void runnersStayWhenTheCodeNeverGetsBetter() {
    TestingSupervision demo = new TestingSupervision(folder, 2).startedInterpreted();
    demo.advance(SECOND);
    demo.launcher.bestCode.completeExceptionally(new IllegalStateException("too large"));
    demo.advance(SECOND);
    assertThat(demo.launcher.started).hasSize(2);
    assertThat(demo.available()).containsExactly(0, 1);
  }

  /* ---- Stop ---- */

  @Test
  void stopEndsAllRunnersAndTheLauncher() {
    TestingSupervision demo = new TestingSupervision(folder, 2).ready();
    CompletableFuture<Void> stopped = demo.stop();
    assertThat(stopped).isCompleted();
    assertThat(demo.launcher.started).allMatch(runner -> runner.stopped);
    assertThat(demo.service().state()).isEqualTo(ServiceState.STOPPED);
    assertThat(demo.launcher.closed()).isTrue();
    demo.advance(Duration.ofMinutes(2));
    assertThat(demo.launcher.started).as("nothing starts again").hasSize(2);
  }

  @Test
  void stopDoesNotWaitForeverForAStubbornRunner() {
    TestingSupervision demo = new TestingSupervision(folder, 2).ready();
    demo.launcher.runner(0).stubborn = true;
    CompletableFuture<Void> stopped = demo.stop();
    assertThat(stopped).isNotDone();
    demo.advance(Runner.STOP_LIMIT);
    assertThat(stopped).isCompleted();
    assertThat(demo.logTexts())
        .contains("0 ERROR did not end within 5 s; its port stays taken until it does");
  }

  @Test
  void aStubbornRunnerThatIsWantedAgainStartsWhenItHasEnded() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    TestingLauncher.TestingRunner first = demo.launcher.runner(0);
    first.stubborn = true;
    demo.act(ServiceCommand.Action.STOP);
    demo.advance(Runner.STOP_LIMIT);
    demo.act(ServiceCommand.Action.START);
    assertThat(demo.launcher.started).hasSize(1);
    first.exit(ExitCause.STOPPED, "stopped");
    demo.advance(Duration.ofSeconds(1));
    assertThat(demo.launcher.started).hasSize(2);
    assertThat(demo.states()).containsExactly(RunnerState.READY);
  }

  @Test
  void stopDuringAPauseEndsThePause() {
    TestingSupervision demo = new TestingSupervision(folder, 1).ready();
    demo.launcher.runner(0).exit(ExitCause.TRAP, "unreachable");
    demo.actor.settle();
    assertThat(demo.stop()).isCompleted();
    demo.advance(Duration.ofMinutes(1));
    assertThat(demo.launcher.started).hasSize(1);
    assertThat(demo.states()).containsExactly(RunnerState.STOPPED);
  }

  /* ---- What others are told ---- */

  @Test
  void revisionsGrowAndFiguresAreToldTogether() {
    TestingSupervision demo = new TestingSupervision(folder, 3).ready();
    int before = demo.snapshots.size();
    int routesBefore = demo.routes.size();
    for (int i = 0; i < 3; i++) {
      demo.launcher.runner(i).memory = 5 << 20;
    }
    demo.advance(Supervision.METERING.plus(ServiceBoard.FIGURES_WAIT));
    assertThat(demo.snapshots.size() - before).isEqualTo(1);
    assertThat(demo.routes).hasSize(routesBefore);
    assertThat(demo.snapshots)
        .extracting(snapshot -> snapshot.revision())
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
