package io.wasmrunner.dashboard;

import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.RequestStats.MinuteCounts;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers of the last hour in the form that {@code /__runner__/stats} has always had. */
record StatsResource(
    long generatedAt, int windowMinutes, List<Minute> global, List<Service> services) {

  /** Answers by status in one minute since the epoch. */
  record Minute(long minute, SortedMap<Integer, Long> counts) {}

  /** One endpoint. */
  record Endpoint(String endpoint, List<Minute> minutes) {}

  /** One service. */
  record Service(String service, List<Endpoint> endpoints) {}

  static StatsResource of(RequestStats stats, Instant now) {
    return new StatsResource(
        now.getEpochSecond(),
        60,
        minutes(stats.global()),
        stats.services().stream()
            .map(
                service ->
                    new Service(
                        service.service(),
                        service.endpoints().stream()
                            .map(
                                endpoint ->
                                    new Endpoint(endpoint.endpoint(), minutes(endpoint.minutes())))
                            .toList()))
            .toList());
  }

  private static List<Minute> minutes(List<MinuteCounts> minutes) {
    return minutes.stream()
        .map(minute -> new Minute(minute.minute(), new TreeMap<>(minute.counts())))
        .toList();
  }
}
