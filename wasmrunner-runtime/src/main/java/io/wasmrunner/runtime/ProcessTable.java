package io.wasmrunner.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a Linux system at one moment, read once for all children. Empty on other
 * systems.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  /** USER_HZ, which is 100 on every architecture that Java 17 runs on. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int PARENT = 1;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private record Entry(long pid, long cpuNanos) {}

  /**
   * What a process and its descendants use.
   *
   * @param pids the process and its descendants
   * @param residentBytes memory that is not swapped out, shared pages counted in each process
   * @param cpuNanos CPU time of those that still run
   * @param activity changes whenever one of their threads has run; 0 where the system does not tell
   */
  record TreeUsage(List<Long> pids, long residentBytes, long cpuNanos, long activity) {}

  private final Map<Long, Entry> entries = new HashMap<>();
  private final Map<Long, List<Entry>> children = new HashMap<>();

  /** Reads the table. Blocks for some milliseconds. */
  static ProcessTable read() {
    ProcessTable table = new ProcessTable();
    String[] names = PROC.toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (Character.isDigit(name.charAt(0))) {
        table.add(Long.parseLong(name));
      }
    }
    return table;
  }

  /** What a process and its descendants use; nothing when it is not in the table. */
  Optional<TreeUsage> usageOf(long pid) {
    Entry root = entries.get(pid);
    if (root == null) {
      return Optional.empty();
    }
    List<Long> pids = new ArrayList<>();
    long resident = 0;
    long cpu = 0;
    long activity = 0;
    Deque<Entry> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Entry entry = open.pop();
      pids.add(entry.pid());
      resident += residentBytes(entry.pid());
      cpu += entry.cpuNanos();
      activity += activity(entry.pid());
      open.addAll(children.getOrDefault(entry.pid(), List.of()));
    }
    return Optional.of(new TreeUsage(pids, resident, cpu, activity));
  }

  private void add(long pid) {
    String stat = text(process(pid, "stat"));
    int end = stat == null ? -1 : stat.lastIndexOf(')'); // a name may hold anything
    if (stat == null || end < 0) {
      return;
    }
    String[] fields = stat.substring(end + 1).strip().split(" ", -1);
    if (fields.length <= SYSTEM_TICKS) {
      return;
    }
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    Entry entry = new Entry(pid, ticks * NANOS_PER_TICK);
    entries.put(pid, entry);
    children
        .computeIfAbsent(Long.parseLong(fields[PARENT]), parent -> new ArrayList<>())
        .add(entry);
  }

  private static long residentBytes(long pid) {
    String status = text(process(pid, "status"));
    return status == null
        ? 0
        : status
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .filter(kib -> !kib.isEmpty())
            .mapToLong(kib -> Long.parseLong(kib) << 10)
            .findFirst()
            .orElse(0);
  }

  /** Nanoseconds that its threads have run; ticks would not show that a request was answered. */
  private static long activity(long pid) {
    File[] threads = process(pid, "task").toFile().listFiles();
    long sum = 0;
    for (File thread : threads == null ? new File[0] : threads) {
      String text = text(thread.toPath().resolve("schedstat"));
      if (text != null && text.indexOf(' ') > 0) {
        sum += Long.parseLong(text.substring(0, text.indexOf(' ')));
      }
    }
    return sum;
  }

  private static Path process(long pid, String file) {
    return PROC.resolve(Long.toString(pid)).resolve(file);
  }

  private static @Nullable String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return null; // ended meanwhile
    }
  }
}
