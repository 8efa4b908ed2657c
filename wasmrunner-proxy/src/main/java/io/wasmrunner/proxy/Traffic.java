package io.wasmrunner.proxy;

import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.RequestStats.ServiceCounts;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers given in the last hour. Thread-safe. */
final class Traffic {
  private static final long MILLIS_PER_MINUTE = 60_000;

  private final Clock clock;
  private final int names;
  private final MinuteCounts global = new MinuteCounts();
  private final Map<String, ServiceTraffic> services = new ConcurrentHashMap<>();

  Traffic(Clock clock, int names) {
    this.clock = clock;
    this.names = names;
  }

  /** Counters of a service, the same for as long as it exists. */
  ServiceTraffic of(String service) {
    return services.computeIfAbsent(service, name -> new ServiceTraffic(name, names));
  }

  /** Counts an answer that no service had a part in. */
  void count(int status) {
    global.count(minute(), status);
  }

  /** Counts an answer to a request for a service. */
  void count(ServiceTraffic service, String path, int status) {
    long minute = minute();
    global.count(minute, status);
    service.count(minute, path, status);
  }

  /** The last hour. */
  RequestStats snapshot() {
    long now = minute();
    return new RequestStats(
        global.upTo(now),
        services.values().stream()
            .map(service -> service.upTo(now))
            .filter(counts -> !counts.endpoints().isEmpty())
            .sorted(Comparator.comparing(ServiceCounts::service))
            .toList());
  }

  private long minute() {
    return clock.millis() / MILLIS_PER_MINUTE;
  }
}
