package io.wasmrunner.bus;

import io.wasmrunner.model.RequestStats;
import java.util.Map;

/**
 * Answers given in the last hour.
 *
 * @param stats the counts
 * @param refused requests refused as malformed or ambiguous since the start, by reason; the reasons
 *     are few and fixed
 */
public record StatsSnapshot(RequestStats stats, Map<String, Long> refused) implements BusMessage {
  /** Copies the map. */
  public StatsSnapshot {
    refused = Map.copyOf(refused);
  }

  /** Without refused requests. */
  public StatsSnapshot(RequestStats stats) {
    this(stats, Map.of());
  }
}
