package io.wasmrunner.dashboard;

import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What runners have used in the last quarter of an hour, a sample every two seconds. A runner that
 * is gone is forgotten. Thread-safe.
 */
final class UsageHistory {
  static final Duration INTERVAL = Duration.ofSeconds(2);
  static final Duration KEPT = Duration.ofMinutes(15);

  private static final int SAMPLES = (int) KEPT.dividedBy(INTERVAL);

  private final Map<RunnerId, UsageRing> rings = new TreeMap<>();

  /** Takes a sample of every runner. */
  synchronized void sample(ServicesSnapshot snapshot, Instant now) {
    Set<RunnerId> present = new HashSet<>();
    for (ServiceStatus service : snapshot.services()) {
      for (RunnerStatus runner : service.runners()) {
        present.add(runner.id());
        rings.computeIfAbsent(runner.id(), id -> new UsageRing(SAMPLES)).add(runner, now);
      }
    }
    rings.keySet().retainAll(present);
  }

  /** What a service's runners have used since a moment, by index. */
  synchronized SortedMap<Integer, RunnerHistory> of(String service, Instant from) {
    SortedMap<Integer, RunnerHistory> runners = new TreeMap<>();
    rings.forEach(
        (id, ring) -> {
          if (id.service().equals(service)) {
            runners.put(id.index(), ring.since(from));
          }
        });
    return runners;
  }
}
