package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real programs under the launcher {@code command}. */
final class CommandLauncherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final TestingOutput output = new TestingOutput();
  private final int port = TestingServices.freePorts(1);
  private final List<Launcher> launchers = new ArrayList<>();
  private LauncherContext context;
  private Path module;

  @BeforeEach
  void module() throws IOException {
    context =
        new LauncherContext(
            folder.resolve("cache"),
            folder.resolve("processes"),
            "127.0.0.1",
            64L << 20,
            1L << 30,
            Clock.systemUTC());
    module = Files.writeString(folder.resolve("module.wasm"), "no matter what");
  }

  @AfterEach
  void close() {
    launchers.forEach(Launcher::close);
  }

  private Launcher launcher(Map<String, Object> settings) {
    Launcher made = new CommandLauncherFactory(new ChildProcesses()).create(settings, context);
    launchers.add(made);
    return made;
  }

  private RunnerHandle start(Launcher launcher, Map<String, String> environment) {
    return launcher.start(
        new RunnerSpec(
            new RunnerId("shop", 0),
            module,
            new RunnerAddress("127.0.0.1", port),
            environment,
            64L << 20,
            Optional.empty(),
            RunnerLimits.DEFAULT),
        output);
  }

  private RunnerHandle shell(String script) {
    return start(
        launcher(
            Map.of(
                "command",
                List.of("sh", "-c", script, "sh", "{port}"),
                "env",
                Map.of("PATH", "/usr/bin:/bin"))),
        Map.of());
  }

  private static RunnerExit end(RunnerHandle runner) throws Exception {
    return runner.exit().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private List<Path> recorded() throws IOException {
    try (var files = Files.list(folder.resolve("processes"))) {
      return files.toList();
    }
  }

  @Test
  void theProgramGetsTheGuestsEnvironmentAndWhatTheSettingsList() throws Exception {
    RunnerHandle runner =
        start(
            launcher(Map.of("command", List.of("env"), "env", Map.of("SETTING", "s"))),
            Map.of("GUEST", "g h"));
    assertThat(end(runner).cause()).isEqualTo(ExitCause.COMPLETED);
    assertThat(output.out().lines()).containsExactlyInAnyOrder("SETTING=s", "GUEST=g h");
  }

  @Test
  void aProgramBesideTheModuleIsFoundAndRunsThere() throws Exception {
    Path script = Files.writeString(folder.resolve("run"), "#!/bin/sh\npwd; echo \"$1\" >&2\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    end(start(launcher(Map.of("command", List.of("./run", "{module}"))), Map.of()));
    assertThat(output.out().strip()).isEqualTo(folder.toRealPath().toString());
    assertThat(output.err().strip()).isEqualTo(module.toString());
  }

  @Test
  void aMissingProgramIsExplained() {
    Launcher launcher = launcher(Map.of("command", List.of("no-such-program")));
    for (var use :
        List.<Runnable>of(() -> launcher.check(module, 1), () -> launcher.prepare(module))) {
      assertThatThrownBy(use::run)
          .isInstanceOfSatisfying(
              WasmrunnerException.class,
              e -> assertThat(e.explain()).contains("WR-2070", "no-such-program"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exit 0, COMPLETED",
    "exit 3, EXIT_CODE",
    "kill -9 $$, KILLED",
    "kill -6 $$, TRAP",
    "exit 134, TRAP",
    "kill -11 $$, ENGINE_FAILURE"
  })
  void endsHaveCauses(String script, ExitCause cause) throws Exception {
    assertThat(end(shell(script)).cause()).isEqualTo(cause);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void exitCodesAreKnown() throws Exception {
    RunnerHandle runner = shell("exit 3");
    end(runner);
    assertThat(runner.exitCode()).hasValue(3);
  }

  @Test
  void aProgramThatFailsWhileAnotherHasItsPortSaysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      RunnerExit exit = end(shell("echo cannot listen >&2; exit 1"));
      assertThat(exit.cause()).isEqualTo(ExitCause.PORT_IN_USE);
      assertThat(exit.detail()).contains("port " + taken.getLocalPort() + " is in use");
    }
  }

  @Test
  void aStopEndsWhatIgnoresItAndAllThatItStarted() throws Exception {
    RunnerHandle runner =
        shell(
            "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & wait;"
                + " wait");
    await().atMost(PATIENCE).until(() -> output.out().contains("\n"));
    ProcessHandle child = ProcessHandle.of(Long.parseLong(output.out().strip())).orElseThrow();
    assertThat(recorded()).hasSize(1);

    runner.stop();
    assertThat(end(runner).cause()).isEqualTo(ExitCause.STOPPED);
    await().atMost(PATIENCE).until(() -> !child.isAlive());
  }

  @Test
  void whatAProgramLeavesBehindIsEnded() throws Exception {
    RunnerHandle runner = shell("sleep 600 & echo $!; read line; sleep 2");
    await().atMost(PATIENCE).until(() -> output.out().contains("\n"));
    ProcessHandle child = ProcessHandle.of(Long.parseLong(output.out().strip())).orElseThrow();
    assertThat(end(runner).cause()).isEqualTo(ExitCause.COMPLETED);
    await().atMost(PATIENCE).until(() -> !child.isAlive());
  }

  @Test
  void memoryAndCpuOfAllItsProcessesAreMetered() throws Exception {
    RunnerHandle runner = shell("while :; do :; done & wait");
    await().atMost(PATIENCE).until(() -> runner.usage().cpu().toMillis() > 100);
    assertThat(runner.usage().memoryBytes()).isPositive();
    assertThat(runner.usage().memoryLimitBytes()).isEqualTo(64L << 20);
    assertThat(runner.usage().code()).isEqualTo("native");
    assertThat(runner.usage().idle()).isLessThan(Duration.ofSeconds(10));
    runner.stop();
    end(runner);
  }

  @Test
  void aProgramThatDoesNothingIsStill() throws Exception {
    RunnerHandle runner = shell("exec sleep 600");
    await().atMost(PATIENCE).until(() -> runner.usage().idle().toMillis() > 2500);
    runner.stop();
    end(runner);
  }

  @Test
  void aFloodOfOutputEndsWithItsProgram() throws Exception {
    RunnerHandle runner = shell("head -c 20000000 /dev/zero | tr '\\0' x; echo end >&2");
    assertThat(end(runner).cause()).isEqualTo(ExitCause.COMPLETED);
    assertThat(output.out()).hasSize(20_000_000);
    assertThat(output.err()).isEqualTo("end\n");
  }
}
