package io.wasmrunner.dashboard;

import io.wasmrunner.model.RequestStats;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of one service in small.
 *
 * @param total answers in the hour
 * @param errors those with 5xx
 * @param hasErrors whether there are any
 * @param points of a line, 0 to 118 wide and 0 to 20 high
 */
record TrafficLine(String total, String errors, boolean hasErrors, String points) {
  private static final int STEP = 2;
  private static final int HEIGHT = 20;

  /** The traffic of a service; null when nobody has asked it anything. */
  static @Nullable TrafficLine of(
      RequestStats stats, String service, Instant now, Figures figures) {
    return stats.services().stream()
        .filter(counts -> counts.service().equals(service))
        .findFirst()
        .map(
            counts ->
                of(
                    Traffic.of(
                        counts.endpoints().stream().flatMap(e -> e.minutes().stream()).toList(),
                        now),
                    figures))
        .orElse(null);
  }

  static TrafficLine of(Traffic traffic, Figures figures) {
    long busiest = Math.max(1, traffic.busiest());
    StringBuilder points = new StringBuilder();
    for (int minute = 0; minute < Traffic.MINUTES; minute++) {
      long height = Math.round((double) traffic.count(minute) * HEIGHT / busiest);
      points.append(minute == 0 ? "" : " ").append(minute * STEP).append(',');
      points.append(HEIGHT - height);
    }
    long errors = traffic.total(Traffic.CLASSES - 1);
    return new TrafficLine(
        figures.count(traffic.total()), figures.count(errors), errors > 0, points.toString());
  }
}
