package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherFactory;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one module as runner 0 of its service until it ends: same limits and environment as in full
 * operation, no probes, no restarts, output passed on as it is. {@link #stop} may be called from
 * any thread, such as a shutdown hook.
 */
public final class ForegroundRunner {
  /** Exit code of a module that trapped or exhausted its stack; as a shell shows an abort. */
  public static final int EXIT_TRAP = 134;

  /** Exit code of a module that reached its memory limit; as a shell shows a kill. */
  public static final int EXIT_MEMORY_LIMIT = 137;

  /** Exit code of a module that was stopped; as a shell shows SIGTERM. */
  public static final int EXIT_STOPPED = 143;

  /** Exit code when the port is in use. */
  public static final int EXIT_PORT_IN_USE = 75;

  /** Exit code of a fault of the engine or the launcher. */
  public static final int EXIT_FAILURE = 70;

  private static final Duration PREPARE_LIMIT = Duration.ofSeconds(60);

  private final RuntimeOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private volatile boolean stopped;
  private volatile @Nullable RunnerHandle running;

  /**
   * Makes a runner.
   *
   * @param options settings, as for full operation
   * @param out takes the module's standard output
   * @param err takes the module's standard error, and lines of wasmrunner about it
   */
  public ForegroundRunner(RuntimeOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the module of a service; returns when it has ended.
   *
   * @param name name of the service
   * @return 0 when it completed, its own exit code, or one of the constants of this class
   * @throws WasmrunnerException when it cannot be started: WR-2060 no such service, WR-2061 its
   *     files are wrong, or the launcher's own
   */
  public int run(String name) {
    ServiceDefinition service = find(name);
    LauncherFactory factory = PreparedModule.launcherFactory(service, options);
    factory.recover(Launching.context(options));
    try (Launcher launcher =
        factory.create(service.guest().launcher().settings(), Launching.context(options))) {
      awaitBest(launcher, service);
      RunnerSpec spec =
          new RunnerSpec(
              new RunnerId(name, 0),
              service.files().module(),
              service.addressOf(0),
              GuestEnvironment.of(
                  service,
                  Secrets.read(service, options),
                  0,
                  service.address().port(),
                  options.runnerBaseUrl()),
              Launching.memoryLimitBytes(service, options),
              service.guest().capabilities(),
              service.guest().limits());
      PortCheck.requireFree(spec.address());
      RunnerHandle handle = launcher.start(spec, new PassedOnOutput(out, err, record(service)));
      running = handle;
      if (stopped) {
        handle.stop();
      }
      RunnerExit exit = handle.exit().toCompletableFuture().join();
      return exitCode(handle, exit);
    }
  }

  /** Ends the module soon; {@link #run} then returns. */
  public void stop() {
    stopped = true;
    RunnerHandle handle = running;
    if (handle != null) {
      handle.stop();
    }
  }

  private CapabilityRecord record(ServiceDefinition service) {
    return new CapabilityRecord(
        service,
        CapabilitiesReader.enforced(service, options),
        options.clock(),
        (runner, denial) -> err.println("wasmrunner: " + DenialText.of(denial)));
  }

  private int exitCode(RunnerHandle handle, RunnerExit exit) {
    out.flush();
    if (exit.cause() == ExitCause.COMPLETED) {
      return 0;
    }
    if (exit.cause() == ExitCause.STOPPED) {
      return EXIT_STOPPED;
    }
    err.println("wasmrunner: " + exit.cause().key() + ": " + exit.detail());
    return switch (exit.cause()) {
      case EXIT_CODE -> handle.exitCode().orElse(EXIT_FAILURE);
      case TRAP, STACK_OVERFLOW -> EXIT_TRAP;
      case DESCRIPTOR_LIMIT -> handle.exitCode().orElse(EXIT_TRAP);
      case MEMORY_LIMIT -> EXIT_MEMORY_LIMIT;
      case PORT_IN_USE -> EXIT_PORT_IN_USE;
      default -> EXIT_FAILURE;
    };
  }

  private ServiceDefinition find(String name) {
    List<Path> folders = ServiceCatalogue.folders(options.servicesFolder());
    List<String> names =
        folders.stream().map(folder -> String.valueOf(folder.getFileName())).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw ServiceCatalogue.noSuchService(name, names);
    }
    ServiceEntry entry = new ServiceReader(options).read(folders.get(index)).entry();
    return entry.definition().orElseThrow(() -> ServiceCatalogue.invalid(entry));
  }

  private void awaitBest(Launcher launcher, ServiceDefinition service) {
    CompletableFuture<Void> best = launcher.prepare(service.files().module()).toCompletableFuture();
    try {
      best.get(PREPARE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      err.println("wasmrunner: not compiled, runs slower: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }
}
