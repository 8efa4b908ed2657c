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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command lines for WasmEdge, seen by a script in its place. */
final class WasmedgeLauncherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final TestingOutput output = new TestingOutput();
  private final List<Launcher> launchers = new ArrayList<>();
  private Path module;

  @BeforeEach
  void module() throws IOException {
    module = Files.write(folder.resolve("shop.wasm"), TestingServices.EMPTY_MODULE);
  }

  @AfterEach
  void close() {
    launchers.forEach(Launcher::close);
  }

  /** A program that answers like WasmEdge and logs how it was called. */
  private Path wasmedge(String help, String compile, String run) throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("wasmedge"),
            """
            #!/bin/sh
            echo "$*" >> %s
            case "$1$2" in
              --version) echo "/some/where/wasmedge version 0.17.1" ;;
              run--help) echo "%s" ;;
              compile*) %s ;;
              run*) %s ;;
            esac
            """
                .formatted(folder.resolve("calls"), help, compile, run));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private Launcher launcher(Path executable) {
    Launcher made =
        new WasmedgeLauncherFactory(new ChildProcesses())
            .create(
                Map.of(
                    "executable",
                    executable.toString(),
                    "arguments",
                    List.of("--log-level=warning"),
                    "env",
                    Map.of("PATH", "/usr/bin:/bin")),
                new LauncherContext(
                    folder.resolve("cache"),
                    folder.resolve("processes"),
                    "127.0.0.1",
                    64L << 20,
                    1L << 30,
                    Clock.systemUTC()));
    launchers.add(made);
    return made;
  }

  private RunnerHandle start(Launcher launcher) {
    return launcher.start(
        new RunnerSpec(
            new RunnerId("shop", 0),
            module,
            new RunnerAddress("127.0.0.1", TestingServices.freePorts(1)),
            Map.of("B", "2", "A", "one two"),
            64L << 20,
            Optional.empty(),
            RunnerLimits.DEFAULT),
        output);
  }

  private static void complete(CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static RunnerExit end(RunnerHandle runner) throws Exception {
    return runner.exit().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  @Test
  void aModuleIsCompiledOnceAndRunWithItsLimitAndEnvironment() throws Exception {
    Path wasmedge = wasmedge("--run-mode", "cp \"$2\" \"$3\"", "exit 0");
    complete(launcher(wasmedge).prepare(module));
    Launcher launcher = launcher(wasmedge);
    complete(launcher.prepare(module));
    RunnerHandle runner = start(launcher);
    assertThat(runner.usage().code()).isEqualTo("native");
    assertThat(end(runner).cause()).isEqualTo(ExitCause.COMPLETED);

    List<String> calls = calls();
    assertThat(calls).filteredOn(call -> call.startsWith("compile")).hasSize(1);
    String compiled = calls.get(calls.size() - 1).replaceAll(".* ", "");
    assertThat(calls.get(calls.size() - 1))
        .isEqualTo(
            "run --run-mode=aot --env A=one two --env B=2 --memory-page-limit 1024"
                + " --log-level=warning "
                + compiled);
    assertThat(Path.of(compiled))
        .hasSameBinaryContentAs(module)
        .hasParent(folder.resolve("cache/wasmedge"));
    assertThat(compiled).contains("0.17.1");
    try (var cached = Files.list(folder.resolve("cache/wasmedge"))) {
      assertThat(cached).containsExactly(Path.of(compiled));
    }
  }

  @Test
  void untilItIsCompiledAModuleRunsInterpreted() throws Exception {
    Launcher launcher =
        launcher(
            wasmedge("--run-mode", "while [ ! -e go ]; do sleep 0.1; done; cp \"$2\" \"$3\"", ""));
    CompletionStage<Void> best = launcher.prepare(module);
    RunnerHandle runner = start(launcher);
    assertThat(runner.usage().code()).isEqualTo("interpreted");
    end(runner);
    assertThat(calls())
        .anySatisfy(
            call ->
                assertThat(call).startsWith("run --run-mode=interpreter ").endsWith(" " + module));
    Files.createFile(folder.resolve("cache/wasmedge/go"));
    complete(best);
    assertThat(start(launcher).usage().code()).isEqualTo("native");
  }

  @Test
  void anOlderVersionGetsNoRunMode() throws Exception {
    Launcher launcher = launcher(wasmedge("--env", "cp \"$2\" \"$3\"", ""));
    complete(launcher.prepare(module));
    end(start(launcher));
    assertThat(calls().get(calls().size() - 1)).startsWith("run --env A=one two");
  }

  @Test
  void whatCannotBeCompiledSaysWhyAndLeavesNothing() throws Exception {
    Launcher launcher = launcher(wasmedge("", "echo no room; touch \"$3\"; exit 1", ""));
    assertThatThrownBy(() -> complete(launcher.prepare(module)))
        .cause()
        .isInstanceOfSatisfying(
            WasmrunnerException.class,
            e -> assertThat(e.explain()).contains("WR-2073", "status 1: no room"));
    try (var cached = Files.list(folder.resolve("cache/wasmedge"))) {
      assertThat(cached).isEmpty();
    }
  }

  @Test
  void aClosedLauncherCompilesNoLonger() throws Exception {
    Launcher launcher = launcher(wasmedge("", "exec sleep 600", ""));
    CompletionStage<Void> best = launcher.prepare(module);
    await()
        .atMost(PATIENCE)
        .until(() -> calls().stream().anyMatch(call -> call.startsWith("compile")));
    launcher.close();
    assertThatThrownBy(() -> complete(best)).hasMessageContaining("it was ended");
  }

  @Test
  void anotherProgramIsRefused() throws IOException {
    Path script = Files.writeString(folder.resolve("other"), "#!/bin/sh\necho I am a teapot\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(() -> launcher(script).prepare(module))
        .isInstanceOfSatisfying(
            WasmrunnerException.class,
            e -> assertThat(e.explain()).contains("WR-2072", "I am a teapot"));
  }

  @Test
  void aRefusedGrowthIsCountedAndExplainsTheEnd() throws Exception {
    Launcher launcher =
        launcher(
            wasmedge(
                "",
                "cp \"$2\" \"$3\"",
                "echo 'Memory Instance: Memory grow page failed, exceeded limited'; exit 134"));
    complete(launcher.prepare(module));
    RunnerHandle runner = start(launcher);
    assertThat(end(runner).cause()).isEqualTo(ExitCause.MEMORY_LIMIT);
    assertThat(runner.usage().memoryRefusals()).isEqualTo(1);
  }
}
