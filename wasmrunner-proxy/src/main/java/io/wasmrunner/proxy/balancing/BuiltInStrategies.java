package io.wasmrunner.proxy.balancing;

import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** All strategies that come with wasmrunner. */
public final class BuiltInStrategies {
  private static final double DECAY_SECONDS = 10;
  private static final double LOAD_FACTOR = 1.25;

  private static final String PEAK_EWMA =
      """
      "decay_seconds": {
        "title": "a number of seconds",
        "description": "After so long, an old latency has a third of its weight. Default 10.",
        "type": "number", "minimum": 0.1, "maximum": 3600, "examples": [10]
      }""";

  private static final String CONSISTENT_HASH =
      """
      "by": {
        "title": "what decides",
        "description": "What of a request decides where it goes; requests without it take turns. Default \\"address\\", the client's.",
        "enum": ["header", "cookie", "query", "address"], "examples": ["header"]
      },
      "key": {
        "title": "a name",
        "description": "Name of the header, cookie or query parameter.",
        "type": "string", "minLength": 1, "maxLength": 200, "examples": ["X-Customer"]
      },
      "load_factor": {
        "title": "a factor from 1 to 100",
        "description": "A runner takes at most its share of the requests under way times this; the rest goes to the next. Default 1.25.",
        "type": "number", "minimum": 1, "maximum": 100, "examples": [1.25]
      }""";

  private static final String STICKY_COOKIE =
      """
      "cookie": {
        "title": "a cookie name",
        "description": "Name of the cookie. Default: wr_ and the name of the service.",
        "type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "maxLength": 100, "examples": ["orders_runner"]
      },
      "max_age_seconds": {
        "title": "a number of seconds",
        "description": "How long the client keeps it. Default: until the browser ends.",
        "type": "integer", "minimum": 1, "maximum": 31536000, "examples": [3600]
      }""";

  private BuiltInStrategies() {}

  /** Their factories. */
  public static List<LoadBalancingStrategyFactory> factories() {
    return List.of(
        new BuiltIn("round_robin", "", settings -> new RoundRobin()),
        new BuiltIn("least_requests", "", settings -> new LeastRequests()),
        new BuiltIn("power_of_two", "", settings -> new PowerOfTwo(BuiltInStrategies::lot)),
        new BuiltIn("peak_ewma", PEAK_EWMA, BuiltInStrategies::peakEwma),
        new BuiltIn(
            "consistent_hash",
            CONSISTENT_HASH,
            settings ->
                new ConsistentHash(
                    RequestKey.from(settings), number(settings, "load_factor", LOAD_FACTOR))),
        new BuiltIn(
            "sticky_cookie",
            STICKY_COOKIE,
            settings ->
                new StickyCookie(
                    Optional.ofNullable((String) settings.get("cookie")),
                    Optional.ofNullable((Number) settings.get("max_age_seconds"))
                        .map(Number::intValue))));
  }

  private static PeakEwma peakEwma(Map<String, Object> settings) {
    double seconds = number(settings, "decay_seconds", DECAY_SECONDS);
    return new PeakEwma(
        Duration.ofNanos((long) (seconds * 1e9)), System::nanoTime, BuiltInStrategies::lot);
  }

  private static double number(Map<String, Object> settings, String name, double usual) {
    return ((Number) settings.getOrDefault(name, usual)).doubleValue();
  }

  private static double lot() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
