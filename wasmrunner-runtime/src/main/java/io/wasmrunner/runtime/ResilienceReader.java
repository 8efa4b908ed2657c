package io.wasmrunner.runtime;

import io.wasmrunner.model.CircuitBreaking;
import io.wasmrunner.model.ConcurrencyLimit;
import io.wasmrunner.model.Ejection;
import io.wasmrunner.model.Resilience;
import io.wasmrunner.model.Retries;
import io.wasmrunner.model.Retries.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the keys that say what the proxy does about runners that fail or are slow. */
final class ResilienceReader {
  static final String NO_LIMIT = "WR-2090";

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final String MAX = "/limits/max_concurrent_requests";
  private static final List<String> QUEUE = List.of("/limits/queue_size", "/limits/queue_timeout");

  private ResilienceReader() {}

  static Resilience read(ServiceJson json) {
    return new Resilience(
        weights(json.at("/weights")),
        DurationReader.read(
            json, "/slow_start", Resilience.DEFAULT.slowStart(), Duration.ZERO, LONGEST),
        json.at("/ejection").isObject() ? Optional.of(ejection(json)) : Optional.empty(),
        json.at("/retries").isObject() ? Optional.of(retries(json)) : Optional.empty(),
        json.at("/circuit_breaker").isObject() ? Optional.of(circuit(json)) : Optional.empty(),
        concurrency(json));
  }

  private static List<Integer> weights(JsonNode node) {
    List<Integer> weights = new ArrayList<>();
    node.forEach(weight -> weights.add(Math.max(1, weight.asInt(1))));
    return weights;
  }

  private static Ejection ejection(ServiceJson json) {
    Ejection usual = Ejection.DEFAULT;
    return new Ejection(
        json.at("/ejection/consecutive_failures").asInt(usual.consecutiveFailures()),
        json.at("/ejection/min_success_percent").asInt(usual.minSuccessPercent()),
        json.at("/ejection/min_requests").asInt(usual.minRequests()),
        duration(json, "/ejection/interval", usual.interval()),
        duration(json, "/ejection/base_time", usual.baseTime()),
        duration(json, "/ejection/max_time", usual.maxTime()),
        json.at("/ejection/max_percent").asInt(usual.maxPercent()),
        json.at("/ejection/panic_percent").asInt(usual.panicPercent()));
  }

  private static Retries retries(ServiceJson json) {
    Retries usual = Retries.DEFAULT;
    return new Retries(
        json.at("/retries/attempts").asInt(usual.attempts()),
        causes(json.at("/retries/on"), usual.on()),
        json.at("/retries/non_idempotent").asBoolean(usual.nonIdempotent()),
        json.at("/retries/budget_percent").asInt(usual.budgetPercent()),
        orZero(json, "/retries/backoff", usual.backoff()),
        orZero(json, "/retries/max_backoff", usual.maxBackoff()),
        orZero(json, "/retries/per_try_timeout", usual.perTryTimeout()),
        json.at("/retries/body_kb").asInt(usual.bodyKb()));
  }

  private static Set<Cause> causes(JsonNode node, Set<Cause> usual) {
    if (!node.isArray()) {
      return usual;
    }
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    for (JsonNode cause : node) {
      switch (cause.asString("")) {
        case "connect" -> causes.add(Cause.CONNECT);
        case "reset" -> causes.add(Cause.RESET);
        case "timeout" -> causes.add(Cause.TIMEOUT);
        case "5xx" -> causes.add(Cause.STATUS);
        default -> {} // The schema has reported it.
      }
    }
    return causes;
  }

  private static CircuitBreaking circuit(ServiceJson json) {
    CircuitBreaking usual = CircuitBreaking.DEFAULT;
    return new CircuitBreaking(
        json.at("/circuit_breaker/failure_percent").asInt(usual.failurePercent()),
        duration(json, "/circuit_breaker/window", usual.window()),
        json.at("/circuit_breaker/min_requests").asInt(usual.minRequests()),
        duration(json, "/circuit_breaker/open_time", usual.openTime()),
        json.at("/circuit_breaker/probes").asInt(usual.probes()));
  }

  private static Optional<ConcurrencyLimit> concurrency(ServiceJson json) {
    JsonNode max = json.at(MAX);
    boolean adaptive = json.at("/limits/concurrency").asString("").equals("adaptive");
    if (!max.isInt() && !adaptive) {
      reportQueueWithoutLimit(json);
      return Optional.empty();
    }
    return Optional.of(
        new ConcurrencyLimit(
            Math.max(1, max.asInt(ConcurrencyLimit.ADAPTIVE_MAX)),
            adaptive,
            json.at(QUEUE.get(0)).asInt(ConcurrencyLimit.DEFAULT_QUEUE),
            duration(json, QUEUE.get(1), ConcurrencyLimit.DEFAULT_QUEUE_TIMEOUT)));
  }

  private static void reportQueueWithoutLimit(ServiceJson json) {
    for (String pointer : QUEUE) {
      if (!json.at(pointer).isMissingNode()) {
        json.error(
            NO_LIMIT,
            pointer,
            "a limit of requests beside it",
            "a queue that nobody would wait in",
            "add limits.max_concurrent_requests or \"concurrency\": \"adaptive\", or remove it");
      }
    }
  }

  private static Duration duration(ServiceJson json, String pointer, Duration usual) {
    return DurationReader.read(json, pointer, usual, SHORTEST, LONGEST);
  }

  private static Duration orZero(ServiceJson json, String pointer, Duration usual) {
    return DurationReader.read(json, pointer, usual, Duration.ZERO, LONGEST);
  }
}
