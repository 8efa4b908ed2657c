package io.wasmrunner.proxy;

import io.wasmrunner.model.RequestStats.EndpointCounts;
import io.wasmrunner.model.RequestStats.ServiceCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Answers of one service by endpoint, for a bounded number of names. Thread-safe. */
final class ServiceTraffic {
  private static final String OTHER = "other";

  private final String service;
  private final int names;
  private final Map<String, MinuteCounts> endpoints = new ConcurrentHashMap<>();
  private final MinuteCounts other = new MinuteCounts();
  private final AtomicLong prunedAt = new AtomicLong(Long.MIN_VALUE);

  ServiceTraffic(String service, int names) {
    this.service = service;
    this.names = names;
  }

  String service() {
    return service;
  }

  /** Counts an answer to a path below the prefix. */
  void count(long minute, String path, int status) {
    endpoint(minute, EndpointName.of(path)).count(minute, status);
  }

  /** The last hour; endpoints without a request in it are forgotten. */
  ServiceCounts upTo(long now) {
    prune(now);
    List<EndpointCounts> named =
        new ArrayList<>(
            endpoints.entrySet().stream()
                .map(entry -> new EndpointCounts(entry.getKey(), entry.getValue().upTo(now)))
                .filter(counts -> !counts.minutes().isEmpty())
                .sorted(Comparator.comparing(EndpointCounts::endpoint))
                .toList());
    if (!other.emptyAt(now)) {
      named.add(new EndpointCounts(OTHER, other.upTo(now)));
    }
    return new ServiceCounts(service, named);
  }

  private MinuteCounts endpoint(long minute, String name) {
    MinuteCounts known = endpoints.get(name);
    if (known != null) {
      return known;
    }
    if (name.isEmpty() || name.equals(OTHER)) {
      return other;
    }
    if (endpoints.size() >= names && prunedAt.get() < minute) {
      prune(minute);
    }
    // Several threads may pass here at once: the bound is exceeded by their number at most.
    return endpoints.size() >= names
        ? other
        : endpoints.computeIfAbsent(name, any -> new MinuteCounts());
  }

  private void prune(long now) {
    prunedAt.set(now);
    endpoints.values().removeIf(counts -> counts.emptyAt(now));
  }
}
