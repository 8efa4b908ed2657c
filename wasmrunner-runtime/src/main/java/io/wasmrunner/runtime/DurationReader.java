package io.wasmrunner.runtime;

import io.wasmrunner.model.Timeouts;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Reads durations and the key {@code timeouts}. */
final class DurationReader {
  static final String OUT_OF_RANGE = "WR-2032";

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(24);

  private DurationReader() {}

  static Timeouts timeouts(ServiceJson json) {
    Timeouts usual = Timeouts.DEFAULT;
    return new Timeouts(
        read(json, "/timeouts/connect", usual.connect(), SHORTEST, LONGEST),
        read(json, "/timeouts/first_byte", usual.firstByte(), SHORTEST, LONGEST),
        read(json, "/timeouts/idle", usual.idle(), SHORTEST, LONGEST),
        read(json, "/timeouts/total", usual.total(), Duration.ZERO, LONGEST),
        read(json, "/timeouts/runner", usual.runner(), Duration.ZERO, LONGEST));
  }

  /** The duration at a pointer, or the usual one where there is none that can be used. */
  static Duration read(
      ServiceJson json, String pointer, Duration usual, Duration least, Duration most) {
    JsonNode node = json.at(pointer);
    Duration duration;
    try {
      duration = node.isString() ? Durations.parse(node.stringValue()) : usual;
    } catch (IllegalArgumentException reportedBySchema) {
      return usual;
    }
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      json.error(
          OUT_OF_RANGE,
          pointer,
          "a duration from " + Durations.describe(least) + " to " + Durations.describe(most),
          ViolationText.quote(node.stringValue()),
          "write for example \"5s\"");
      return usual;
    }
    return duration;
  }
}
