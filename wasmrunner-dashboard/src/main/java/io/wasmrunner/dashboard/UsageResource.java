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
  record Runner(int index, List<UsageSample> samples) {}

  static UsageResource of(String service, SortedMap<Integer, List<UsageSample>> runners) {
    return new UsageResource(
        service,
        UsageHistory.INTERVAL,
        runners.entrySet().stream()
            .map(entry -> new Runner(entry.getKey(), entry.getValue()))
            .toList());
  }
}
