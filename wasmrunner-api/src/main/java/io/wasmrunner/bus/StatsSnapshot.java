package io.wasmrunner.bus;

import io.wasmrunner.model.RequestStats;
import io.wasmrunner.model.TrafficStatus;
import java.util.List;
import java.util.Map;

/**
 * Answers given in the last hour.
 *
 * @param stats the counts
 * @param refused requests refused as malformed or ambiguous since the start, by reason; the reasons
 *     are few and fixed
 * @param traffic how the proxy stands to each service and its runners now
 */
public record StatsSnapshot(
    RequestStats stats, Map<String, Long> refused, List<TrafficStatus> traffic)
    implements BusMessage {
  /** Copies the map and the list. */
  public StatsSnapshot {
    refused = Map.copyOf(refused);
    traffic = List.copyOf(traffic);
  }

  /** Without what is so now. */
  public StatsSnapshot(RequestStats stats, Map<String, Long> refused) {
    this(stats, refused, List.of());
  }

  /** Without refused requests. */
  public StatsSnapshot(RequestStats stats) {
    this(stats, Map.of());
  }
}
