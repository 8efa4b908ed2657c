package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.OpenApiDocument;
import io.wasmrunner.bus.OpenApiQuery;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real modules on the real engine: what one of them does wrong, the others do not notice. */
final class EmbeddedRuntimeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int HELLO = TestingServices.freePorts(2);
  private static final int FAULTY = TestingServices.freePorts(1);
  private static final int LOOPS = TestingServices.freePorts(1);

  @TempDir static Path folder;
  private static TestingRuntime runtime;

  @BeforeAll
  static void start() {
    TestingServices services = new TestingServices(folder.resolve("services"));
    TestingRuntime.add(
        services,
        "hello",
        TestingRuntime.HELLO,
        HELLO,
        ", \"runners\": 2, \"memory_limit_mb\": 64");
    services.file(
        "hello/openapi.json",
        "{\"openapi\": \"3.0.3\", \"info\": {\"version\": \"1.2\"}, \"paths\": {}}");
    TestingRuntime.add(
        services, "faulty", TestingRuntime.FAULTY, FAULTY, ", \"memory_limit_mb\": 8");
    TestingRuntime.add(
        services,
        "loops",
        TestingRuntime.FAULTY,
        LOOPS,
        ", \"health\": {\"interval\": \"200ms\", \"timeout\": \"300ms\"}");
    services.add("broken", "{\"prefix\": \"broken\"}");
    services.add("empty", "{\"prefix\": \"empty\", \"url\": \"http://127.0.0.1:19999\"}");
    runtime = new TestingRuntime(services.options(new RuntimePlugin()).build());
    awaitReady("hello");
    awaitReady("faulty");
    awaitReady("loops");
    // Runners that began interpreted are replaced; the tests look at what comes after.
    for (String service : new String[] {"hello", "faulty", "loops"}) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  runtime.service(service).runners().stream()
                      .allMatch(
                          runner ->
                              runner.code().equals("compiled")
                                  && runner.state() == RunnerState.READY));
    }
  }

  @AfterAll
  static void stop() {
    runtime.undeploy();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("guest-"));
    assertThat(runtime.get(HELLO, "/hello")).isEmpty();
    runtime.close();
  }

  private static void awaitReady(String service) {
    await().atMost(PATIENCE).until(() -> runtime.service(service).state() == ServiceState.READY);
  }

  private static void assertHelloAnswers() {
    for (int runner = 0; runner < 2; runner++) {
      assertThat(runtime.get(HELLO + runner, "/hello"))
          .contains("\"runner\":" + runner, "\"instances\":2", "\"port\":" + (HELLO + runner));
    }
  }

  private static RunnerExit awaitNextExit(String service, long generation) {
    await().atMost(PATIENCE).until(() -> runtime.runner(service, 0).generation() > generation);
    awaitReady(service);
    return runtime.runner(service, 0).lastExit().orElseThrow();
  }

  @Test
  void runnersAnswerUnderTheirPortsAndKnowWhoTheyAre() {
    assertHelloAnswers();
    assertThat(runtime.service("hello").definition().orElseThrow().files().version())
        .contains("1.2");
    assertThat(runtime.service("hello").digest())
        .hasValueSatisfying(digest -> assertThat(digest).matches("sha256:[0-9a-f]{64}"));
    assertThat(runtime.runner("hello", 1).memoryLimitBytes()).isEqualTo(64L << 20);
    await().atMost(PATIENCE).until(() -> runtime.runner("hello", 1).memoryBytes() > 0);
    assertThat(runtime.log("hello"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("1 STDOUT INFO [INFO] hello listens on 127.0.0.1:" + (HELLO + 1)))
        .contains("0 HOST INFO listens on 127.0.0.1:" + HELLO);
  }

  @Test
  void badServicesAreListedAndStopNobody() {
    assertThat(runtime.service("broken").state()).isEqualTo(ServiceState.INVALID);
    assertThat(runtime.service("broken").violations().get(0).describe())
        .contains("broken/config/service.json:1:1", "the key \"url\"");
    await().atMost(PATIENCE).until(() -> runtime.service("empty").state() == ServiceState.INVALID);
    assertThat(runtime.service("empty").violations().get(0).describe())
        .contains("empty/empty.wasm", "WR-6");
    assertThat(runtime.routes().routes())
        .extracting(route -> route.service())
        .containsExactly("faulty", "hello", "loops");
    assertHelloAnswers();
  }

  @ParameterizedTest
  @CsvSource({
    "/trap, TRAP, trapped",
    "/exit, EXIT_CODE, exited with code 3",
    "/fill, MEMORY_LIMIT, 8",
    "/recurse, STACK_OVERFLOW, stack"
  })
  void whatAGuestDoesToItselfHarmsNobodyElse(String path, ExitCause cause, String detail) {
    long generation = runtime.runner("faulty", 0).generation();
    assertThat(runtime.get(FAULTY, path)).isEmpty();
    assertHelloAnswers();
    RunnerExit exit = awaitNextExit("faulty", generation);
    assertThat(exit.cause()).isEqualTo(cause);
    assertThat(exit.detail()).contains(detail);
    assertThat(runtime.get(FAULTY, "/health")).contains("ok");
    assertThat(runtime.log("faulty"))
        .anyMatch(line -> line.startsWith("0 HOST ERROR ended, " + cause.key()));
  }

  @Test
  void aRunnerWhoseThreadIsKilledComesBack() {
    long generation = runtime.runner("faulty", 0).generation();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("guest-faulty/0"))
        .forEach(Thread::interrupt);
    assertThat(awaitNextExit("faulty", generation).cause()).isEqualTo(ExitCause.KILLED);
    assertHelloAnswers();
  }

  @Test
  void anEndlessLoopIsFoundAndEnded() {
    long generation = runtime.runner("loops", 0).generation();
    Thread caller = new Thread(() -> runtime.get(LOOPS, "/loop"));
    caller.setDaemon(true);
    caller.start();
    await()
        .atMost(PATIENCE)
        .until(() -> runtime.runner("loops", 0).state() == RunnerState.UNHEALTHY);
    assertHelloAnswers();
    assertThat(awaitNextExit("loops", generation).cause()).isEqualTo(ExitCause.HUNG);
    assertThat(runtime.get(LOOPS, "/health")).contains("ok");
  }

  @Test
  void aSuspicionOverTheBusIsLookedInto() {
    var before = runtime.runner("hello", 0).lastProbe().orElseThrow();
    runtime.bus.publish(
        BusAddress.UPSTREAM_SUSPECTED,
        new UpstreamSuspected(
            new RunnerId("hello", 0), runtime.runner("hello", 0).generation(), "test"));
    await()
        .atMost(Duration.ofSeconds(3))
        .until(
            () -> runtime.runner("hello", 0).lastProbe().orElseThrow().at().isAfter(before.at()));
  }

  @Test
  void contractsAreServedAndUnknownServicesAreNot() {
    assertThat(
            runtime
                .ask(BusAddress.OPENAPI_READ, new OpenApiQuery("hello"), OpenApiDocument.class)
                .json())
        .contains("\"1.2\"");
    assertThatThrownBy(
            () ->
                runtime.ask(
                    BusAddress.OPENAPI_READ, new OpenApiQuery("faulty"), OpenApiDocument.class))
        .isInstanceOfSatisfying(
            RequestFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    assertThatThrownBy(() -> runtime.log("nobody"))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            e -> assertThat(e.explain()).contains("WR-2041", "\"nobody\""));
  }
}
