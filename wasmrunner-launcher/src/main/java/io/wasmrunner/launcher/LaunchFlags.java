package io.wasmrunner.launcher;

import com.sun.management.OperatingSystemMXBean;
import io.wasmrunner.runtime.JitFlag;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JVM flags that wasmrunner runs best with here: those that nobody has chosen otherwise.
 *
 * @param processors processors that the JVM may use
 * @param physicalMegabytes memory of the machine or the container, MiB
 * @param heapMegabytes largest heap as the JVM chose it, MiB
 * @param memory what the services may use
 */
record LaunchFlags(
    int processors, long physicalMegabytes, long heapMegabytes, DeclaredMemory memory) {
  private static final int SMALL_MACHINE = 2;

  /** What the process needs without services: event loops, scheduler, dashboard. */
  private static final int HEAP_BASE = 192;

  /** What a module takes while it is parsed and compiled. */
  private static final int HEAP_PER_SERVICE = 48;

  /** Left to what is neither heap nor guests' memory: code, threads, buffers. */
  private static final int NATIVE = 256;

  private static final List<String> COLLECTORS =
      List.of(
          "UseSerialGC", "UseParallelGC", "UseG1GC", "UseZGC", "UseShenandoahGC", "UseEpsilonGC");
  private static final List<String> COMPILERS =
      List.of(
          JitFlag.COMPILERS,
          "TieredCompilation",
          "TieredStopAtLevel",
          "Tier4InvocationThreshold",
          "Tier4MinInvocationThreshold",
          "Tier4CompileThreshold");
  private static final List<String> HEAP_SIZES =
      List.of(
          "MaxHeapSize",
          "InitialHeapSize",
          "MinHeapSize",
          "NewSize",
          "MaxNewSize",
          "MaxRAM",
          "MaxRAMPercentage",
          "MinRAMPercentage",
          "InitialRAMPercentage");

  /** For this machine and these services. */
  static LaunchFlags here(DeclaredMemory memory) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new LaunchFlags(
        Runtime.getRuntime().availableProcessors(),
        system == null ? 0 : system.getTotalMemorySize() >> 20,
        Runtime.getRuntime().maxMemory() >> 20,
        memory);
  }

  /**
   * The flags to add.
   *
   * @param jvm what the JVM has
   * @param archive file for the classes of the start, if there is a folder for it
   */
  List<String> missing(JvmFlags jvm, Optional<Path> archive) {
    List<String> flags = new ArrayList<>();
    // A Java that has dropped one of them is to start without it.
    flags.add("-XX:+IgnoreUnrecognizedVMOptions");
    flags.add("-XX:-" + JitFlag.NAME);
    if (processors <= SMALL_MACHINE && !jvm.anyChosen(COLLECTORS)) {
      flags.add("-XX:+UseSerialGC");
    }
    if (!jvm.anyChosen(COMPILERS)) {
      flags.addAll(JitFlag.compilers(processors));
    }
    boolean ownHeap = jvm.anyChosen(HEAP_SIZES);
    long heap = ownHeap ? heapMegabytes : heap();
    if (heap > heapMegabytes) {
      flags.add("-Xmx" + heap + "m");
    }
    long direct = direct(heap);
    if (direct > heap && !jvm.chosen("MaxDirectMemorySize")) {
      flags.add("-XX:MaxDirectMemorySize=" + direct + "m");
    }
    archive.ifPresent(file -> flags.addAll(StartArchive.flags(file)));
    return flags;
  }

  /** Never less than the JVM's own choice, a quarter of the machine; at most half of it. */
  private long heap() {
    long wanted = HEAP_BASE + (long) HEAP_PER_SERVICE * memory.services();
    return Math.max(heapMegabytes, Math.min(wanted, physicalMegabytes / 2));
  }

  /** Guests get seven eighths of it; by itself the JVM allows as much as the heap. */
  private long direct(long heap) {
    long wanted = (memory.megabytes() * 8 + 6) / 7;
    return Math.max(heap, Math.min(wanted, physicalMegabytes - heap - NATIVE));
  }
}
