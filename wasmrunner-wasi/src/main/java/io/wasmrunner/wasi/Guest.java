package io.wasmrunner.wasi;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/** A running module: one platform thread, one selector, one memory. Thread-safe. */
public final class Guest {
  static final String LIMIT_TOO_LOW = "WR-6008";
  static final String BUDGET_EXHAUSTED = "WR-6009";
  static final String JVM_EXHAUSTED = "WR-6010";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LoadedModule module;
  private final GuestConfig config;
  private final HostCalls calls;
  private final LinearMemory memory;
  private final Preopens preopens;
  private final DescriptorTable descriptors;
  private final LoadedModule.Code code;
  private final GuestThread thread;
  private final CompletableFuture<GuestExit> exit = new CompletableFuture<>();
  private volatile long finalCpuNanos = -1;
  private volatile @Nullable WasiHost host;

  private Guest(LoadedModule module, GuestConfig config, Preopens preopens) {
    this.module = module;
    this.config = config;
    this.preopens = preopens;
    this.thread =
        GuestThread.create(
            this::run, "guest-" + config.name(), config.stackBytes(), config.cpuShare());
    this.calls = new HostCalls(module.linked(), thread);
    this.memory = allocate(module, config, calls.counters());
    this.descriptors =
        new DescriptorTable(
            config.maxDescriptors(), config.descriptorBudget(), calls.counters()::total);
    this.code = module.code();
  }

  /**
   * Reserves the initial memory, starts the guest's thread, and returns at once.
   *
   * @throws ModuleException when it cannot start: memory limit or budget below the initial memory,
   *     or a folder that cannot be opened
   */
  public static Guest start(Module module, GuestConfig config) {
    Preopens preopens = Preopens.open(config);
    try {
      return start((LoadedModule) module, config, preopens);
    } catch (RuntimeException e) {
      preopens.close();
      throw e;
    }
  }

  private static Guest start(LoadedModule module, GuestConfig config, Preopens preopens) {
    Guest guest = new Guest(module, config, preopens);
    try {
      guest.thread.begin();
    } catch (OutOfMemoryError e) {
      guest.memory.release();
      throw new ModuleException(
          JVM_EXHAUSTED,
          "No thread could be started for " + config.name() + ": " + e.getMessage() + ".",
          "Raise the limit of threads (ulimit -u, pids of the container), or run fewer guests.",
          e);
    }
    return guest;
  }

  private static LinearMemory allocate(
      LoadedModule module, GuestConfig config, CallCounters calls) {
    int initial = module.initialPages();
    long allowed =
        Math.min(config.memoryLimitBytes() / GuestMemory.PAGE_BYTES, GuestMemory.MAX_PAGES);
    int maximum = (int) Math.min(allowed, module.maximumPages().orElse(GuestMemory.MAX_PAGES));
    if (initial > maximum) {
      throw new ModuleException(
          LIMIT_TOO_LOW,
          module.file()
              + " starts with "
              + initial * (GuestMemory.PAGE_BYTES >> 10)
              + " KiB of memory, and the limit for "
              + config.name()
              + " is "
              + (config.memoryLimitBytes() >> 10)
              + " KiB.",
          "Raise memory_limit_mb, or build the module with a smaller initial memory or stack.");
    }
    long bytes = (long) initial * GuestMemory.PAGE_BYTES;
    if (!config.budget().tryReserve(bytes)) {
      throw new ModuleException(
          BUDGET_EXHAUSTED,
          config.name()
              + " needs "
              + (bytes >> 10)
              + " KiB to start, and "
              + (config.budget().used() >> 10)
              + " of the "
              + (config.budget().limit() >> 10)
              + " KiB for all guests are in use.",
          "Raise the memory budget, lower the limits of others, or run fewer runners.");
    }
    try {
      return LinearMemory.allocate(
          initial, maximum, module.sharedMemory(), config.budget(), calls::total);
    } catch (OutOfMemoryError e) {
      config.budget().release(bytes);
      throw new ModuleException(
          JVM_EXHAUSTED,
          config.name()
              + " needs "
              + (bytes >> 10)
              + " KiB to start, which the JVM does not have: "
              + e.getMessage()
              + ".",
          "Raise -XX:MaxDirectMemorySize (default: the maximum heap) or run fewer guests.",
          e);
    }
  }

  private void run() {
    Throwable thrown = null;
    try (WasiHost made = new WasiHost(config, memory, descriptors, module.resolver())) {
      host = made;
      preopens.addTo(descriptors);
      Instance instance =
          Instance.builder(code.wasm())
              .withImportValues(calls.bind(made))
              .withMemoryFactory(limits -> memory)
              .withTableFactory(new GuestTables(memory)::create)
              .withMachineFactory(code.machinesOr(GuestInterpreter::new))
              .withStart(false)
              .build();
      instance.export(ModuleCheck.START).apply();
    } catch (Throwable e) { // of one guest, so it ends here
      thrown = e;
    }
    preopens.close(); // when the host could not even be made
    end(thrown);
  }

  private void end(@Nullable Throwable thrown) {
    GuestExit cause;
    try {
      Throwable reason = calls.stopping() ? new GuestStoppedException() : thrown;
      cause =
          new ExitCause(config, module.names())
              .of(
                  reason,
                  memory.lastRefusal(),
                  descriptors.lastRefusal(),
                  calls.counters().total());
    } catch (RuntimeException | Error e) {
      cause = new GuestExit.Failed("how it ended could not be told", e);
    }
    host = null;
    memory.release();
    thread.end();
    finalCpuNanos = THREADS.getCurrentThreadCpuTime();
    Thread.interrupted(); // not for those who wait for the exit
    exit.complete(cause);
  }

  /** Completes once, never exceptionally, when the guest has ended and all it held is closed. */
  public CompletionStage<GuestExit> exit() {
    return exit.minimalCompletionStage();
  }

  /** Ends the guest soon (well under a second), whatever it does. Idempotent. */
  public void stop() {
    calls.stop();
    thread.interrupt();
  }

  /**
   * Has the guest listen on {@code next} where it listens on {@code present} now. Done by the
   * guest's thread the next time it waits, which a guest that computes can put off; the guest
   * notices nothing. {@code present} stays open.
   *
   * @param next bound and non-blocking; may be another guest's at the same time
   * @return whether it was done, as soon as that is known; false also when the guest ends before;
   *     never completes exceptionally
   */
  public CompletionStage<Boolean> swapListener(
      ServerSocketChannel present, ServerSocketChannel next) {
    CompletableFuture<Boolean> swapped = new CompletableFuture<>();
    WasiHost running = host;
    if (running == null) {
      swapped.complete(false);
    } else {
      running.poller().submit(() -> swapped.complete(swap(present, next)));
      exit().thenRun(() -> swapped.complete(false));
    }
    return swapped.minimalCompletionStage();
  }

  private boolean swap(ServerSocketChannel present, ServerSocketChannel next) {
    Optional<StreamSocket> socket = descriptors.boundTo(present);
    try {
      socket.ifPresent(bound -> bound.swap(next));
      return socket.isPresent();
    } catch (ErrnoException e) { // the next one was closed meanwhile
      return false;
    }
  }

  /** Bytes of linear memory in use; 0 after the end. */
  public long memoryBytes() {
    return memory.bytes();
  }

  /** Hard limit of linear memory: the configured one, or the module's own when that is lower. */
  public long memoryLimitBytes() {
    return (long) memory.maximumPages() * GuestMemory.PAGE_BYTES;
  }

  /** Growths of memory that were refused, those of the Java heap on its behalf included. */
  public long memoryRefusals() {
    return memory.refusals();
  }

  /** Processor time of the guest so far; kept after the end. */
  public Duration cpuTime() {
    long nanos = finalCpuNanos;
    if (nanos < 0) {
      nanos = THREADS.getThreadCpuTime(thread.getId());
    }
    return Duration.ofNanos(Math.max(0, nanos < 0 ? finalCpuNanos : nanos));
  }

  /** Time for which it was made to wait, because its share of a core was used up. */
  public Duration throttled() {
    return Duration.ofNanos(thread.pausedNanos());
  }

  /** Descriptors that it may have open. */
  public int descriptorLimit() {
    return config.maxDescriptors();
  }

  /** Descriptors that it wanted beyond its limit. */
  public long descriptorRefusals() {
    return descriptors.refusals();
  }

  /** Open descriptors, standard streams included; 0 after the end. */
  public int openDescriptors() {
    return descriptors.open();
  }

  /**
   * Time since the guest last called or waited in the host, {@link #throttled} time left out; zero
   * while it is in such a call.
   */
  public Duration sinceLastHostCall() {
    return Duration.ofNanos(calls.nanosComputing());
  }

  /** The function of the host that it calls now, or called last; empty before the first. */
  public String lastHostCall() {
    return calls.counters().last();
  }

  /**
   * How long it has been in the call that is under way, counted from the end of the one before;
   * zero outside of calls.
   */
  public Duration inHostCall() {
    return Duration.ofNanos(calls.nanosInCall());
  }

  /** Calls into the host so far, by function; possibly a little old. */
  public Map<String, HostCallCount> hostCalls() {
    return calls.counters().byName();
  }

  /** How the guest's functions are executed, which was decided when it started. */
  public CodeState codeState() {
    return code.machines() == null ? CodeState.INTERPRETED : CodeState.COMPILED;
  }

  /** The module it runs. */
  public Module module() {
    return module;
  }

  /** The guest's thread. */
  public Thread thread() {
    return thread;
  }
}
