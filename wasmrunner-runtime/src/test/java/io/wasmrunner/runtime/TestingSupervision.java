package io.wasmrunner.runtime;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.model.Route.RouteUpstream;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * A supervision of one service {@code demo} with a {@link TestingLauncher}, in a time that a test
 * moves. The jitter is off: random numbers are always one half.
 */
final class TestingSupervision {
  final TestingClock clock = new TestingClock();
  final TestingActor actor = new TestingActor(clock);
  final TestingLauncher launcher = new TestingLauncher(clock);
  final List<SystemEvent> events = new ArrayList<>();
  final List<ServicesSnapshot> snapshots = new ArrayList<>();
  final List<RoutesSnapshot> routes = new ArrayList<>();
  final int port;

  /** What the proxy says of every runner. */
  int requestsUnderWay;

  /** What the proxy says of a generation, instead. */
  final Map<Long, UpstreamActivity> activity = new HashMap<>();

  private final TestingServices services;
  private final int runners;
  private final Supervision supervision;
  private final Operations operations;

  TestingSupervision(Path folder, int runners) {
    this(folder, runners, "");
  }

  TestingSupervision(Path folder, int runners, String moreJson) {
    this(folder, runners, moreJson, "");
  }

  TestingSupervision(Path folder, int runners, String moreJson, String moreHealth) {
    port = TestingServices.freePorts(runners);
    this.runners = runners;
    services = new TestingServices(folder.resolve("services"));
    describe(moreJson, moreHealth);
    RandomGenerator half =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 0;
          }

          @Override
          public double nextDouble() {
            return 0.5;
          }
        };
    RuntimeOptions options =
        services.options(new RuntimePlugin(), launcher).clock(clock).random(half).build();
    supervision =
        new Supervision(
            ServiceCatalogue.load(options),
            options,
            actor,
            events::add,
            (runner, generation) ->
                CompletableFuture.completedFuture(
                    activity.getOrDefault(
                        generation, new UpstreamActivity(requestsUnderWay, 0, 0, 0))),
            snapshots::add,
            routes::add);
    operations =
        new Operations(
            supervision, options, actor, new DisabledServices(folder.resolve("state")), Set.of());
  }

  private void describe(String moreJson, String moreHealth) {
    services.add(
        "demo",
        """
        {"prefix": "demo", "url": "http://127.0.0.1:%d", "runners": %d,
         "launcher": {"name": "testing", "mood": "calm"},
         "health": {"probe": {"name": "testing", "mood": "calm"}%s}%s}"""
            .formatted(port, runners, moreHealth, moreJson));
  }

  /** Begins to take another description over. */
  TestingSupervision change(String moreJson) {
    describe(moreJson, "");
    operations.reload();
    actor.settle();
    return this;
  }

  void act(ServiceCommand.Action action) {
    act(action, OptionalInt.empty());
  }

  void act(ServiceCommand.Action action, OptionalInt runner) {
    operations.run(new ServiceCommand("demo", action, runner, OptionalInt.empty()));
    actor.settle();
  }

  /** Starts it with compiled code at hand. */
  TestingSupervision started() {
    launcher.bestCode.complete(null);
    supervision.start(Set.of());
    actor.settle();
    return this;
  }

  /** Begins to start it while the code is not there yet. */
  void startedWhileLoadingCode() {
    supervision.start(Set.of());
    actor.settle();
  }

  /** Starts it while the compiler is still at work. */
  TestingSupervision startedInterpreted() {
    launcher.startWithCode("interpreted");
    startedWhileLoadingCode();
    actor.advance(VersionStart.CODE_WAIT);
    launcher.startWithCode("compiled");
    return this;
  }

  /** Starts it and lets it become ready. */
  TestingSupervision ready() {
    started();
    actor.advance(Duration.ofMillis(100));
    return this;
  }

  void advance(Duration by) {
    actor.advance(by);
  }

  CompletableFuture<Void> stop() {
    CompletableFuture<Void> stopped = supervision.stop().toCompletableFuture();
    actor.settle();
    return stopped;
  }

  void suspect(int index, long generation) {
    supervision.suspected(
        new UpstreamSuspected(new RunnerId("demo", index), generation, "connection refused"));
    actor.settle();
  }

  ServiceStatus service() {
    return supervision.services().services().get(0);
  }

  RunnerStatus runner(int index) {
    return service().runners().get(index);
  }

  List<RunnerState> states() {
    return service().runners().stream().map(RunnerStatus::state).toList();
  }

  /** Indexes of the runners that may get requests, as the proxy sees it. */
  List<Integer> available() {
    return routes.get(routes.size() - 1).routes().stream()
        .flatMap(route -> route.upstreams().stream())
        .filter(RouteUpstream::available)
        .map(upstream -> upstream.id().index())
        .toList();
  }

  List<String> eventKinds() {
    return events.stream().map(SystemEvent::kind).toList();
  }

  List<String> logTexts() {
    return supervision
        .logs(new LogsQuery("demo", Optional.empty(), Optional.empty(), "", 0, 1000))
        .toCompletableFuture()
        .join()
        .lines()
        .stream()
        .map(line -> line.runner() + " " + line.level() + " " + line.text())
        .toList();
  }
}
