package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.PlanQuery;
import io.wasmrunner.bus.PlanSnapshot;
import io.wasmrunner.bus.ReloadCommand;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceReply;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceChange;
import io.wasmrunner.model.ServiceChange.Kind;
import io.wasmrunner.model.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services change while they serve, on the real engine. */
final class DeployTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUICK = ", \"deploy\": {\"min_healthy_time\": \"0s\"}";

  @TempDir Path folder;
  private final int port = TestingServices.freePorts(4);
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<String> course = new CopyOnWriteArrayList<>();
  private TestingServices services;
  private TestingRuntime runtime;

  private void start(boolean watch) {
    runtime =
        new TestingRuntime(
            services.options(new RuntimePlugin()).watch(watch).build(),
            event -> {
              events.add(event.kind() + ": " + event.message());
              course.add(event.service().orElse("") + " " + event.kind());
            });
  }

  private void startHello(String more) {
    services = new TestingServices(folder.resolve("services"));
    TestingRuntime.add(services, "hello", TestingRuntime.HELLO, port, more + QUICK);
    start(false);
    awaitCompiled("hello");
  }

  @AfterEach
  void end() {
    if (runtime != null) {
      runtime.undeploy();
      runtime.close();
    }
  }

  private void awaitCompiled(String service) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                runtime.service(service).state() == ServiceState.READY
                    && runtime.service(service).runners().stream()
                        .allMatch(
                            runner -> runner.code().equals("compiled") && runner.draining() == 0));
  }

  private void awaitEvent(String start) {
    await().atMost(PATIENCE).until(() -> events.stream().anyMatch(each -> each.startsWith(start)));
  }

  private String act(ServiceCommand.Action action, OptionalInt runner, OptionalInt runners) {
    return runtime
        .ask(
            BusAddress.SERVICES_CONTROL,
            new ServiceCommand("hello", action, runner, runners),
            ServiceReply.class)
        .detail();
  }

  private String act(ServiceCommand.Action action) {
    return act(action, OptionalInt.empty(), OptionalInt.empty());
  }

  private Map<String, ServiceChange> reload() {
    return byName(runtime.ask(BusAddress.SERVICES_RELOAD, new ReloadCommand(), PlanSnapshot.class));
  }

  private Map<String, ServiceChange> plan() {
    return byName(runtime.ask(BusAddress.SERVICES_PLAN, new PlanQuery(), PlanSnapshot.class));
  }

  private static Map<String, ServiceChange> byName(PlanSnapshot plan) {
    return plan.changes().stream()
        .collect(Collectors.toMap(ServiceChange::service, change -> change));
  }

  private List<Long> generations() {
    return runtime.service("hello").runners().stream().map(RunnerStatus::generation).toList();
  }

  /** Asks the service over and over, until closed; says how many were not answered. */
  private final class Asking {
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Thread thread =
        new Thread(
            () -> {
              while (!over.get()) {
                boolean well = !runtime.get(port, "/hello").isEmpty();
                (well ? answered : lost).incrementAndGet();
              }
            });

    Asking() {
      thread.setDaemon(true);
      thread.start();
    }

    void endsWithoutLoss() throws InterruptedException {
      over.set(true);
      thread.join();
      assertThat(lost).as("requests lost of %s", answered).hasValue(0);
      assertThat(answered).hasPositiveValue();
    }
  }

  @Test
  void aRestartLosesNoRequest() throws Exception {
    startHello(", \"runners\": 2");
    List<Long> before = generations();
    Asking asking = new Asking();
    for (int i = 1; i <= 5; i++) {
      events.clear();
      act(ServiceCommand.Action.RESTART);
      awaitEvent("deploy.done");
    }
    asking.endsWithoutLoss();
    assertThat(generations()).containsExactly(before.get(0) + 5, before.get(1) + 5);
    await()
        .atMost(PATIENCE)
        .until(() -> runtime.service("hello").runners().stream().allMatch(r -> r.draining() == 0));
    assertThat(runtime.runner("hello", 0).past()).isNotEmpty();
    assertThat(runtime.runner("hello", 0).address().port()).isEqualTo(port);
  }

  @Test
  void oneRunnerCanBeRestartedStoppedAndStarted() {
    startHello(", \"runners\": 2");
    List<Long> before = generations();

    act(ServiceCommand.Action.RESTART, OptionalInt.of(1), OptionalInt.empty());
    await().atMost(PATIENCE).until(() -> generations().get(1) == before.get(1) + 1);
    assertThat(generations().get(0)).isEqualTo(before.get(0));

    act(ServiceCommand.Action.STOP, OptionalInt.of(1), OptionalInt.empty());
    await().atMost(PATIENCE).until(() -> runtime.get(port + 1, "/hello").isEmpty());
    assertThat(runtime.get(port, "/hello")).isNotEmpty();
    assertThat(runtime.service("hello").state()).isEqualTo(ServiceState.DEGRADED);

    act(ServiceCommand.Action.START);
    awaitCompiled("hello");
    assertThat(runtime.get(port + 1, "/hello")).isNotEmpty();
    assertThatThrownBy(
            () -> act(ServiceCommand.Action.STOP, OptionalInt.of(2), OptionalInt.empty()))
        .isInstanceOf(RequestFailedException.class)
        .hasMessageContaining("no runner 2");
  }

  @Test
  void scalesUpAndDown() {
    startHello("");
    act(ServiceCommand.Action.SCALE, OptionalInt.empty(), OptionalInt.of(3));
    await().atMost(PATIENCE).until(() -> !runtime.get(port + 2, "/hello").isEmpty());
    awaitCompiled("hello");

    act(ServiceCommand.Action.SCALE, OptionalInt.empty(), OptionalInt.of(2));

    await().atMost(PATIENCE).until(() -> runtime.service("hello").runners().size() == 2);
    assertThat(runtime.get(port + 2, "/hello")).isEmpty();
    assertThatThrownBy(
            () -> act(ServiceCommand.Action.SCALE, OptionalInt.empty(), OptionalInt.of(0)))
        .isInstanceOf(RequestFailedException.class)
        .hasMessageContaining("1 to 64");
  }

  @Test
  void aDisabledServiceStaysSoAfterARestartOfTheProcess() {
    startHello("");
    act(ServiceCommand.Action.DISABLE);
    await().atMost(PATIENCE).until(() -> runtime.service("hello").state() == ServiceState.DISABLED);
    assertThat(runtime.get(port, "/hello")).isEmpty();
    runtime.undeploy();
    runtime.close();

    start(false);
    await().atMost(PATIENCE).until(() -> runtime.service("hello").state() == ServiceState.DISABLED);
    assertThatThrownBy(() -> act(ServiceCommand.Action.START))
        .isInstanceOf(RequestFailedException.class)
        .hasMessageContaining("disabled");
    act(ServiceCommand.Action.ENABLE);
    await().atMost(PATIENCE).until(() -> !runtime.get(port, "/hello").isEmpty());
  }

  @Test
  void otherSettingsAreTakenOver() throws Exception {
    startHello("");
    long before = generations().get(0);
    TestingRuntime.add(
        services, "hello", TestingRuntime.HELLO, port, ", \"env\": {\"A\": \"secret-b\"}" + QUICK);
    assertThat(plan().get("hello").details()).containsExactly("env differ");
    assertThat(generations()).containsExactly(before);

    Asking asking = new Asking();
    assertThat(reload().get("hello").kind()).isEqualTo(Kind.CHANGED);
    awaitEvent("deploy.done");
    asking.endsWithoutLoss();
    assertThat(generations()).containsExactly(before + 1);
    assertThat(plan().get("hello").kind()).isEqualTo(Kind.UNCHANGED);

    TestingRuntime.add(
        services,
        "hello",
        TestingRuntime.HELLO,
        port,
        ", \"env\": {\"A\": \"secret-b\"}, \"runners\": 2, \"timeouts\": {\"connect\": \"1s\"}"
            + QUICK);
    assertThat(reload().get("hello").effect()).contains("no runner is restarted");
    await().atMost(PATIENCE).until(() -> !runtime.get(port + 1, "/hello").isEmpty());
    assertThat(generations().get(0)).isEqualTo(before + 1);
    assertThat(runtime.routes().routes().get(0).traffic().timeouts().connect()).hasSeconds(1);
  }

  @Test
  void aVersionThatDoesNotGetReadyIsRefusedAndWhatRunsGoesOn() throws Exception {
    startHello(", \"runners\": 2");
    List<Long> before = generations();
    Asking asking = new Asking();
    services.file("hello/hello.wasm", "no module");
    assertThat(reload().get("hello").kind()).isEqualTo(Kind.INVALID);
    assertThat(runtime.service("hello").violations()).isNotEmpty();
    assertThat(runtime.service("hello").state()).isEqualTo(ServiceState.READY);

    TestingRuntime.add(
        services,
        "hello",
        TestingRuntime.HELLO,
        port,
        ", \"runners\": 2, \"health\": {\"path\": \"/no-such\"},"
            + " \"restart\": {\"start_timeout\": \"1s\"}, \"env\": {\"A\": \"b\"}"
            + QUICK);
    reload();
    awaitEvent("deploy.failed");
    asking.endsWithoutLoss();
    assertThat(events.toString()).contains("start_timeout", "the version before goes on");
    assertThat(generations()).isEqualTo(before);
    assertThat(runtime.service("hello").state()).isEqualTo(ServiceState.READY);
  }

  @Test
  void servicesComeAndGoAsTheirFoldersDo() throws Exception {
    services = new TestingServices(folder.resolve("services"));
    Files.createDirectories(services.folder());
    start(true);
    assertThat(runtime.routes().routes()).isEmpty();

    TestingRuntime.add(services, "hello", TestingRuntime.HELLO, port, "");

    await().atMost(PATIENCE).until(() -> !runtime.get(port, "/hello").isEmpty());
    awaitCompiled("hello");
    delete(services.folder().resolve("hello"));
    await().atMost(PATIENCE).until(() -> runtime.routes().routes().isEmpty());
    await().atMost(PATIENCE).until(() -> runtime.get(port, "/hello").isEmpty());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void aServiceStartsAfterThoseItDependsOn() {
    services = new TestingServices(folder.resolve("services"));
    TestingRuntime.add(
        services, "a-first", TestingRuntime.HELLO, port, ", \"depends_on\": [\"z-last\"]");
    TestingRuntime.add(services, "z-last", TestingRuntime.HELLO, port + 1, "");
    TestingRuntime.add(
        services, "lost", TestingRuntime.HELLO, port + 2, ", \"depends_on\": [\"z-lost\"]");
    TestingRuntime.add(
        services, "round", TestingRuntime.HELLO, port + 3, ", \"depends_on\": [\"round\"]");
    start(false);

    awaitCompiled("a-first");
    assertThat(course)
        .containsSubsequence(
            "z-last runner.started", "z-last runner.ready", "a-first runner.started");
    assertThat(runtime.service("lost").violations().get(0).code()).isEqualTo("WR-2101");
    assertThat(runtime.service("round").violations().get(0).code()).isEqualTo("WR-2102");
    List<String> order =
        events.stream().filter(event -> event.startsWith("service.ready")).toList();
    assertThat(order).hasSize(2);
  }
}
