package io.wasmrunner.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/**
 * What the runners of a service have used, as the management API shows it.
 *
 * @param service name of the service
 * @param interval between two samples
 * @param runners by index
 */
record UsageResource(String service, Duration interval, List<Runner> runners) {
  /** The samples of one runner, oldest first. */
  record Runner(int index, List<UsageSample> samples, List<Calls> calls) {}

  /** Calls of one function of the host: a figure for each sample. */
  record Calls(String function, List<Double> perSecond) {}

  static UsageResource of(String service, SortedMap<Integer, RunnerHistory> runners) {
    return new UsageResource(
        service,
        UsageHistory.INTERVAL,
        runners.entrySet().stream()
            .map(entry -> runner(entry.getKey(), entry.getValue()))
            .toList());
  }

  private static Runner runner(int index, RunnerHistory history) {
    return new Runner(
        index,
        history.samples(),
        history.callsPerSecond().entrySet().stream()
            .map(entry -> new Calls(entry.getKey(), entry.getValue()))
            .toList());
  }
}
