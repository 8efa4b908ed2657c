package io.wasmrunner.wasi;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Start-up figures of a server module: loading it from the cache, one more runner, and what that
 * costs in heap. Run by integration-tests/bench/module-start.sh.
 *
 * <p>Arguments: module, folder for the cache, rounds.
 */
final class StartBenchmark {
  private static final int RUNNERS = 20;

  private final Path file;
  private final Path cache;

  private StartBenchmark(Path file, Path cache) {
    this.file = file;
    this.cache = cache;
  }

  public static void main(String[] arguments) throws Exception {
    StartBenchmark benchmark = new StartBenchmark(Path.of(arguments[0]), Path.of(arguments[1]));
    int rounds = Integer.parseInt(arguments[2]);
    benchmark.fill();
    List<Figure> loads = new ArrayList<>();
    List<Figure> starts = new ArrayList<>();
    List<Figure> others = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      try (Engine engine = Engine.create(EngineOptions.defaults(benchmark.cache))) {
        Watch whole = new Watch();
        Module module = engine.load(benchmark.file);
        loads.add(whole.figure());
        Guest guest = benchmark.listen(module);
        starts.add(whole.figure());
        Watch second = new Watch();
        Guest other = benchmark.listen(module);
        others.add(second.figure());
        stop(guest);
        stop(other);
      }
    }
    print("load from the cache", loads);
    print("load to listening", starts);
    print("one more runner to listening", others);
    benchmark.heap();
  }

  private void fill() throws Exception {
    try (Engine engine = Engine.create(EngineOptions.defaults(cache))) {
      Watch watch = new Watch();
      engine.load(file).compiled().toCompletableFuture().get();
      Figure figure = watch.figure();
      System.out.printf(
          "%s, %d KiB: first load and compile %d ms%n",
          file.getFileName(), Files.size(file) >> 10, figure.wallMillis());
    }
  }

  private void heap() throws Exception {
    try (Engine engine = Engine.create(EngineOptions.defaults(cache))) {
      Module module = engine.load(file);
      List<Guest> guests = new ArrayList<>();
      for (int i = 0; i < RUNNERS; i++) { // what the first ones load is not theirs alone
        guests.add(listen(module));
      }
      long before = usedHeap();
      for (int i = 0; i < RUNNERS; i++) {
        guests.add(listen(module));
      }
      long each = (usedHeap() - before) / RUNNERS;
      System.out.printf(
          "heap per further runner: %d KiB (linear memory %d KiB, off the heap)%n",
          each >> 10, guests.get(0).memoryBytes() >> 10);
      for (Guest guest : guests) {
        stop(guest);
      }
    }
  }

  private static long usedHeap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 5; i++) { // weak and soft references take more than one
      System.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }

  private Guest listen(Module module) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    CountDownLatch listening = new CountDownLatch(1);
    Guest guest =
        Guest.start(
            module,
            GuestConfig.builder("bench")
                .env(
                    Map.of(
                        "WR_RUNNER_PORT",
                        Integer.toString(port),
                        "RUNNER_BASE_URL",
                        "http://127.0.0.1:1"))
                .network(telling(listening))
                .build());
    guest.exit().thenRun(listening::countDown);
    if (!listening.await(60, TimeUnit.SECONDS) || guest.exit().toCompletableFuture().isDone()) {
      guest.stop();
      throw new IllegalStateException(
          "it does not listen: " + guest.exit().toCompletableFuture().get());
    }
    return guest;
  }

  /** Tells when a guest listens. */
  private static Network telling(CountDownLatch listening) {
    Network real = NioNetwork.loopback();
    return (Network)
        Proxy.newProxyInstance(
            StartBenchmark.class.getClassLoader(),
            new Class<?>[] {Network.class},
            (proxy, method, values) -> {
              Object result = method.invoke(real, values);
              if (method.getName().equals("listen")) {
                listening.countDown();
              }
              return result;
            });
  }

  private static void stop(Guest guest) throws Exception {
    guest.stop();
    guest.exit().toCompletableFuture().get();
  }

  private static void print(String what, List<Figure> figures) {
    long wall = figures.stream().mapToLong(Figure::wallMicros).min().orElse(0);
    long cpu = figures.stream().mapToLong(Figure::cpuMicros).min().orElse(0);
    System.out.printf(
        "%s: best %.1f ms (CPU of the process %.1f ms), first %d ms, of %d%n",
        what, wall / 1e3, cpu / 1e3, figures.get(0).wallMillis(), figures.size());
  }

  private record Figure(long wallMicros, long cpuMicros) {
    long wallMillis() {
      return wallMicros / 1000;
    }
  }

  private static final class Watch {
    private final long wall = System.nanoTime();
    private final long cpu = cpu();

    Figure figure() {
      return new Figure((System.nanoTime() - wall) / 1000, (cpu() - cpu) / 1000);
    }

    private static long cpu() {
      return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
          .getProcessCpuTime();
    }
  }
}
