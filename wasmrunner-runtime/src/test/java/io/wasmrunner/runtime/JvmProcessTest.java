package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real modules in child JVMs: the same as embedded, and a kill hurts the child alone. */
final class JvmProcessTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int HELLO = TestingServices.freePorts(1);
  private static final int FAULTY = TestingServices.freePorts(1);
  private static final Path REACHER =
      Path.of("..", "integration-tests", "fixtures", "reacher", "reacher.wasm");
  private static final int CLOSED = TestingServices.freePorts(1);
  private static final String LAUNCHER = ", \"launcher\": \"jvm-process\", \"memory_limit_mb\": 16";

  @TempDir static Path folder;
  private static TestingRuntime runtime;

  @BeforeAll
  static void start() {
    TestingServices services = new TestingServices(folder.resolve("services"));
    TestingRuntime.add(services, "hello", TestingRuntime.HELLO, HELLO, LAUNCHER);
    TestingRuntime.add(
        services,
        "faulty",
        TestingRuntime.FAULTY,
        FAULTY,
        LAUNCHER + ", \"health\": {\"interval\": \"300ms\", \"timeout\": \"1s\"}");
    TestingRuntime.add(services, "closed", REACHER, CLOSED, LAUNCHER + ", \"capabilities\": {}");
    services.add(
        "no-module",
        "{\"prefix\": \"no\", \"url\": \"http://127.0.0.1:19998\", \"launcher\": \"jvm-process\"}");
    services.add(
        "no-program",
        """
        {"prefix": "none", "url": "http://127.0.0.1:19997",
         "launcher": {"name": "wasmedge", "executable": "/nowhere/wasmedge"}}\
        """);
    runtime = new TestingRuntime(services.options(new RuntimePlugin()).build());
    awaitCompiled("hello");
    awaitCompiled("faulty");
    awaitCompiled("closed");
  }

  @AfterAll
  static void stop() throws Exception {
    await().atMost(PATIENCE).until(() -> children().size() == 3);
    List<ProcessHandle> children = children();
    runtime.undeploy();
    await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    try (var records = Files.list(folder.resolve("processes"))) {
      assertThat(records).isEmpty();
    }
    runtime.close();
  }

  private static void awaitCompiled(String service) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(runtime.service(service).state())
                  .as(String.join("\n", runtime.log(service)))
                  .isEqualTo(ServiceState.READY);
              assertThat(runtime.runner(service, 0).code()).isEqualTo("compiled");
            });
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(child -> ProcessCommandLine.of(child).contains(GuestProcess.class.getName()))
        .toList();
  }

  private static RunnerExit awaitNextExit(long generation) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                runtime.runner("faulty", 0).generation() > generation
                    && runtime.runner("faulty", 0).state() == RunnerState.READY);
    return runtime.runner("faulty", 0).lastExit().orElseThrow();
  }

  @Test
  void aGuestAnswersAndTellsWhatItUses() {
    assertThat(runtime.get(HELLO, "/hello")).contains("\"port\":" + HELLO);
    await().atMost(PATIENCE).until(() -> runtime.runner("hello", 0).memoryBytes() > 0);
    await().atMost(PATIENCE).until(() -> runtime.runner("hello", 0).cpu().toMillis() > 0);
    assertThat(runtime.runner("hello", 0).memoryBytes()).isLessThan(16 << 20);
    assertThat(runtime.runner("hello", 0).memoryLimitBytes()).isEqualTo(16 << 20);
    assertThat(runtime.log("hello"))
        .contains("0 HOST INFO listens on 127.0.0.1:" + HELLO)
        .anySatisfy(line -> assertThat(line).startsWith("0 STDOUT INFO [INFO] hello listens on"));
  }

  @ParameterizedTest
  @CsvSource({
    "/trap, TRAP, trapped:",
    "/exit, EXIT_CODE, exited with code 3",
    "/fill, MEMORY_LIMIT, ran out of memory",
    "/recurse, STACK_OVERFLOW, exhausted its stack"
  })
  void endsAreClassifiedAsEmbeddedOnesAre(String path, ExitCause cause, String detail) {
    long generation = runtime.runner("faulty", 0).generation();
    assertThat(runtime.get(FAULTY, path)).isEmpty();
    RunnerExit exit = awaitNextExit(generation);
    assertThat(exit.cause()).as(exit.detail()).isEqualTo(cause);
    assertThat(exit.detail()).contains(detail);
    boolean underWay = cause == ExitCause.TRAP || cause == ExitCause.STACK_OVERFLOW;
    assertThat(exit.backtrace().isEmpty()).as("%s", exit.backtrace()).isEqualTo(!underWay);
  }

  @Test
  void aKilledChildComesBack() {
    long generation = runtime.runner("faulty", 0).generation();
    List<ProcessHandle> before = children();
    for (ProcessHandle child : before) {
      assertThat(ProcessCommandLine.of(child))
          .contains(GuestProcess.class.getName())
          .noneMatch(word -> word.contains("WR_RUNNER_PORT"));
      child.destroyForcibly();
    }
    RunnerExit exit = awaitNextExit(generation);
    assertThat(exit.cause()).as(exit.detail()).isEqualTo(ExitCause.KILLED);
    await().atMost(PATIENCE).until(() -> !runtime.get(HELLO, "/hello").isEmpty());
    awaitCompiled("hello");
    awaitCompiled("closed"); // for whichever test comes next
  }

  @Test
  void aModuleThatChangedAfterItWasCheckedIsNotRun() throws Exception {
    Path module = folder.resolve("services/faulty/faulty.wasm");
    byte[] checked = Files.readAllBytes(module);
    long generation = runtime.runner("faulty", 0).generation();
    Files.write(module, Files.readAllBytes(TestingRuntime.HELLO));
    try {
      assertThat(runtime.get(FAULTY, "/exit")).isEmpty();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(runtime.runner("faulty", 0).lastExit().orElseThrow().detail())
                      .contains("WR-2077", "changed after it was checked"));
    } finally {
      Files.write(module, checked);
    }
    awaitNextExit(generation);
  }

  @Test
  void aGuestIsHeldToItsCapabilities() {
    assertThat(runtime.get(CLOSED, "/connect?address=192.0.2.7&port=80")).contains("\"errno\":2");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(runtime.service("closed").capabilities().denied())
                    .anySatisfy(denial -> assertThat(denial.target()).contains("192.0.2.7")));
  }

  @Test
  void aChildHoldsFoldersByHandlesAndReadsNamesAsWeDo() {
    List<String> words =
        new JvmCommand(OptionalInt.empty(), List.of()).of(REACHER, 1 << 20).words();
    assertThat(words)
        .contains("-XX:+UseSerialGC", "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED")
        .endsWith(GuestProcess.class.getName());
  }

  @Test
  void aCollectorOfTheUsersTakesThePlaceOfOurs() {
    List<String> options = List.of("-XX:+UseParallelGC");
    List<String> words = new JvmCommand(OptionalInt.empty(), options).of(REACHER, 1 << 20).words();
    assertThat(words).contains("-XX:+UseParallelGC").doesNotContain("-XX:+UseSerialGC");
  }

  @Test
  void whatCannotRunIsInvalidAndExplained() {
    await()
        .atMost(PATIENCE)
        .until(() -> runtime.service("no-program").state() == ServiceState.INVALID);
    assertThat(runtime.service("no-program").violations())
        .singleElement()
        .satisfies(violation -> assertThat(violation.code()).isEqualTo("WR-2070"));
    assertThat(runtime.service("no-module").violations())
        .singleElement()
        .satisfies(violation -> assertThat(violation.code()).startsWith("WR-60"));
  }
}
