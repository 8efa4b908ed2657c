package io.wasmrunner.dashboard;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.RunnerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The newest samples of one runner, in a bounded ring. Not thread-safe. */
final class UsageRing {
  private static final int CELLS = 9;

  private static final int AT = 0;
  private static final int GENERATION = 1;
  private static final int MEMORY = 2;
  private static final int LIMIT = 3;
  private static final int CPU_NANOS = 4;
  private static final int DESCRIPTORS = 5;
  private static final int CALLS = 6;
  private static final int RESTARTS = 7;
  private static final int UPTIME = 8;

  private final long[][] samples;
  private int next;
  private int size;

  UsageRing(int capacity) {
    samples = new long[capacity][];
  }

  void add(RunnerStatus runner, Instant now) {
    long[] sample = new long[CELLS];
    sample[AT] = now.toEpochMilli();
    sample[GENERATION] = runner.generation();
    sample[MEMORY] = runner.memoryBytes();
    sample[LIMIT] = runner.memoryLimitBytes();
    sample[CPU_NANOS] = runner.cpu().toNanos();
    sample[DESCRIPTORS] = runner.activity().openDescriptors();
    sample[CALLS] = runner.activity().calls().values().stream().mapToLong(CallCount::calls).sum();
    sample[RESTARTS] = runner.restarts();
    sample[UPTIME] =
        runner.startedAt().map(start -> Duration.between(start, now).toSeconds()).orElse(0L);
    samples[next] = sample;
    next = (next + 1) % samples.length;
    size = Math.min(size + 1, samples.length);
  }

  /** All since a moment, oldest first. */
  List<UsageSample> since(Instant from) {
    List<UsageSample> all = new ArrayList<>();
    long[] before = null;
    for (int i = 0; i < size; i++) {
      long[] sample = samples[(next - size + i + samples.length) % samples.length];
      if (sample[AT] >= from.toEpochMilli()) {
        all.add(sample(sample, before == null ? sample : before));
      }
      before = sample;
    }
    return all;
  }

  private static UsageSample sample(long[] now, long[] before) {
    double seconds = (now[AT] - before[AT]) / 1e3;
    boolean comparable = seconds > 0 && now[GENERATION] == before[GENERATION];
    return new UsageSample(
        Instant.ofEpochMilli(now[AT]),
        now[GENERATION],
        now[MEMORY],
        now[LIMIT],
        comparable ? rate(now[CPU_NANOS] - before[CPU_NANOS], seconds) / 1e7 : 0,
        Math.toIntExact(now[DESCRIPTORS]),
        comparable ? rate(now[CALLS] - before[CALLS], seconds) : 0,
        now[RESTARTS],
        now[UPTIME]);
  }

  private static double rate(long difference, double seconds) {
    return Math.max(0, difference / seconds);
  }
}
