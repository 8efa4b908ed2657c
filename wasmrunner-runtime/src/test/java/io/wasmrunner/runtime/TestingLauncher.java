package io.wasmrunner.runtime;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.HealthProbeFactory;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.LauncherFactory;
import io.wasmrunner.spi.Plugin;
import io.wasmrunner.spi.ProbeResult;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerSpec;
import io.wasmrunner.spi.RunnerUsage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Launcher and health probe whose runners do what a test says; comes in as a plugin like every
 * other. A runner is well from its start on unless told otherwise.
 */
final class TestingLauncher implements Plugin, LauncherFactory, Launcher, HealthProbeFactory {
  final List<TestingRunner> started = new ArrayList<>();
  final CompletableFuture<Void> bestCode = new CompletableFuture<>();
  private final Map<RunnerAddress, TestingRunner> byAddress = new HashMap<>();
  private final Clock clock;
  private String code = "compiled";
  Supplier<List<ModuleHint>> hints = List::of;
  private boolean healthyAtStart = true;
  private boolean beside;
  private CompletableFuture<Void> takeOvers = CompletableFuture.completedFuture(null);
  private int inner = 1;
  private boolean closed;
  private RuntimeException prepareFailure;
  private RuntimeException startFailure;

  TestingLauncher(Clock clock) {
    this.clock = clock;
  }

  /** Runners that start from now on are not well. */
  void startUnhealthy() {
    healthyAtStart = false;
  }

  /** Runners that start from now on are well. */
  void startHealthy() {
    healthyAtStart = true;
  }

  /** Runners can be started while another one listens at their address. */
  void startsRunnersBeside() {
    beside = true;
  }

  /** From now on a runner has a port that it takes over only when this completes. */
  CompletableFuture<Void> delayTakeOvers() {
    takeOvers = new CompletableFuture<>();
    return takeOvers;
  }

  /** Runners that start from now on run this kind of code. */
  void startWithCode(String kind) {
    code = kind;
  }

  void refuseModule(RuntimeException failure) {
    prepareFailure = failure;
  }

  void refuseStarts(RuntimeException failure) {
    startFailure = failure;
  }

  boolean closed() {
    return closed;
  }

  /** The running generation of the runner with this index. */
  TestingRunner runner(int index) {
    for (int i = started.size() - 1; i >= 0; i--) {
      if (started.get(i).spec.id().index() == index) {
        return started.get(i);
      }
    }
    throw new AssertionError("runner " + index + " never started");
  }

  @Override
  public String name() {
    return "testing";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public List<LauncherFactory> launchers() {
    return List.of(this);
  }

  @Override
  public List<HealthProbeFactory> healthProbes() {
    return List.of(this);
  }

  @Override
  public String settingsSchema() {
    return """
        {"type": "object", "additionalProperties": false,
         "required": ["mood"],
         "properties": {"mood": {"$ref": "#/$defs/mood"}},
         "$defs": {"mood": {"enum": ["calm", "wild"]}}}""";
  }

  @Override
  public Launcher create(Map<String, Object> settings, LauncherContext context) {
    return this;
  }

  @Override
  public HealthProbe create(Map<String, Object> settings) {
    return this::probe;
  }

  @Override
  public CompletionStage<Void> prepare(Path module) {
    if (prepareFailure != null) {
      throw prepareFailure;
    }
    return bestCode;
  }

  @Override
  public List<ModuleHint> hints(Path module) {
    return hints.get();
  }

  @Override
  public RunnerHandle start(RunnerSpec spec, RunnerOutput output) {
    if (startFailure != null) {
      throw startFailure;
    }
    TestingRunner runner = new TestingRunner(spec, output);
    started.add(runner);
    byAddress.put(spec.address(), runner);
    return runner;
  }

  @Override
  public boolean startsBeside() {
    return beside;
  }

  @Override
  public RunnerHandle startBeside(RunnerSpec spec, RunnerOutput output) {
    TestingRunner runner = new TestingRunner(spec, output);
    runner.innerAddress = Optional.of(new RunnerAddress("127.0.0.1", inner++));
    started.add(runner);
    byAddress.put(runner.innerAddress.get(), runner);
    return runner;
  }

  @Override
  public void close() {
    closed = true;
  }

  private CompletionStage<ProbeResult> probe(RunnerAddress target, Duration timeout) {
    TestingRunner runner = byAddress.get(target);
    runner.probes++;
    if (runner.silent) {
      return new CompletableFuture<>();
    }
    return CompletableFuture.completedFuture(
        runner.healthy ? ProbeResult.healthy("fine") : ProbeResult.unhealthy("not fine"));
  }

  /** A runner that does what a test says. */
  final class TestingRunner implements RunnerHandle {
    @Override
    public boolean keepsPort() {
      return true;
    }

    final RunnerSpec spec;
    final RunnerOutput output;
    final String kind = code;
    boolean healthy = healthyAtStart;
    boolean silent;
    boolean stubborn;
    boolean stopped;
    boolean handedOver;
    Optional<RunnerAddress> innerAddress = Optional.empty();
    int probes;
    Duration idle = Duration.ZERO;
    Duration waiting = Duration.ZERO;
    long refusals;
    long descriptorRefusals;
    long memory = 1 << 20;
    private final CompletableFuture<RunnerExit> exit = new CompletableFuture<>();

    TestingRunner(RunnerSpec spec, RunnerOutput output) {
      this.spec = spec;
      this.output = output;
    }

    RunnerId id() {
      return spec.id();
    }

    void exit(ExitCause cause, String detail) {
      exit.complete(new RunnerExit(clock.instant(), cause, detail));
    }

    @Override
    public Optional<RunnerAddress> innerAddress() {
      return innerAddress;
    }

    @Override
    public CompletionStage<Void> takeOver(Optional<RunnerHandle> predecessor) {
      byAddress.put(spec.address(), this);
      return takeOvers;
    }

    @Override
    public CompletionStage<RunnerExit> exit() {
      return exit;
    }

    @Override
    public void stop() {
      stopped = true;
      if (!stubborn) {
        exit(ExitCause.STOPPED, "stopped");
      }
    }

    @Override
    public void handOver() {
      handedOver = true;
      stop();
    }

    @Override
    public RunnerUsage usage() {
      return new RunnerUsage(
          memory,
          spec.memoryLimitBytes(),
          refusals,
          Duration.ofMillis(5),
          idle,
          waiting,
          kind,
          new RunnerActivity(
              Duration.ofMillis(3),
              1024,
              spec.limits().openDescriptors(),
              descriptorRefusals,
              "sock_recv",
              Map.of("sock_recv", new CallCount(7, 1))));
    }
  }
}
