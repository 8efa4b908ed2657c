package io.wasmrunner.dashboard;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.RunnerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The newest samples of one runner, in a bounded ring. Not thread-safe. */
final class UsageRing {
  /** More than a launcher has functions; what comes beyond that counts only in the sum. */
  static final int MOST_FUNCTIONS = 100;

  private static final int AT = 0;
  private static final int GENERATION = 1;
  private static final int MEMORY = 2;
  private static final int LIMIT = 3;
  private static final int CPU_NANOS = 4;
  private static final int DESCRIPTORS = 5;
  private static final int CALLS = 6;
  private static final int RESTARTS = 7;
  private static final int UPTIME = 8;

  /** From here on the calls of each function, in the order in which functions came. */
  private static final int CALLS_BY_FUNCTION = 9;

  private final long[][] samples;
  private final List<String> functions = new ArrayList<>();
  private int next;
  private int size;

  UsageRing(int capacity) {
    samples = new long[capacity][];
  }

  void add(RunnerStatus runner, Instant now) {
    Map<String, CallCount> calls = runner.activity().calls();
    for (String function : calls.keySet()) {
      if (functions.size() < MOST_FUNCTIONS && !functions.contains(function)) {
        functions.add(function);
      }
    }
    long[] sample = new long[CALLS_BY_FUNCTION + functions.size()];
    sample[AT] = now.toEpochMilli();
    sample[GENERATION] = runner.generation();
    sample[MEMORY] = runner.memoryBytes();
    sample[LIMIT] = runner.memoryLimitBytes();
    sample[CPU_NANOS] = runner.cpu().toNanos();
    sample[DESCRIPTORS] = runner.activity().openDescriptors();
    sample[CALLS] = calls.values().stream().mapToLong(CallCount::calls).sum();
    sample[RESTARTS] = runner.restarts();
    sample[UPTIME] =
        runner.startedAt().map(start -> Duration.between(start, now).toSeconds()).orElse(0L);
    for (int i = 0; i < functions.size(); i++) {
      CallCount count = calls.get(functions.get(i));
      sample[CALLS_BY_FUNCTION + i] = count == null ? 0 : count.calls();
    }
    samples[next] = sample;
    next = (next + 1) % samples.length;
    size = Math.min(size + 1, samples.length);
  }

  /** All since a moment. */
  RunnerHistory since(Instant from) {
    List<UsageSample> all = new ArrayList<>();
    List<List<Double>> calls = new ArrayList<>();
    functions.forEach(function -> calls.add(new ArrayList<>()));
    long[] before = null;
    for (int i = 0; i < size; i++) {
      long[] sample = samples[(next - size + i + samples.length) % samples.length];
      long[] base = before == null ? sample : before;
      if (sample[AT] >= from.toEpochMilli()) {
        all.add(sample(sample, base));
        for (int f = 0; f < calls.size(); f++) {
          calls.get(f).add(rate(sample, base, CALLS_BY_FUNCTION + f));
        }
      }
      before = sample;
    }
    SortedMap<String, List<Double>> called = new TreeMap<>();
    for (int f = 0; f < calls.size(); f++) {
      if (calls.get(f).stream().anyMatch(rate -> rate > 0)) {
        called.put(functions.get(f), calls.get(f));
      }
    }
    return new RunnerHistory(all, called);
  }

  private static UsageSample sample(long[] now, long[] before) {
    return new UsageSample(
        Instant.ofEpochMilli(now[AT]),
        now[GENERATION],
        now[MEMORY],
        now[LIMIT],
        rate(now, before, CPU_NANOS) / 1e7,
        Math.toIntExact(now[DESCRIPTORS]),
        rate(now, before, CALLS),
        now[RESTARTS],
        now[UPTIME]);
  }

  /** Growth per second; 0 when it is another generation's, or there is none before. */
  private static double rate(long[] now, long[] before, int cell) {
    double seconds = (now[AT] - before[AT]) / 1e3;
    boolean comparable = seconds > 0 && now[GENERATION] == before[GENERATION];
    return comparable ? Math.max(0, (value(now, cell) - value(before, cell)) / seconds) : 0;
  }

  /** An older sample does not have the functions that came later. */
  private static long value(long[] sample, int cell) {
    return cell < sample.length ? sample[cell] : 0;
  }
}
