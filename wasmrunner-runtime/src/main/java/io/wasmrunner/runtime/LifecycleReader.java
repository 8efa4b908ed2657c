package io.wasmrunner.runtime;

import io.wasmrunner.model.DeploySettings;
import io.wasmrunner.model.Lifecycle;
import io.wasmrunner.model.RestartSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Reads the keys that say how runners are kept running. */
final class LifecycleReader {
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofHours(24);

  private LifecycleReader() {}

  static Lifecycle read(ServiceJson json) {
    return new Lifecycle(
        json.at("/runners").asInt(Lifecycle.DEFAULT.runners()),
        HealthReader.read(json),
        restart(json),
        deploy(json),
        names(json.at("/depends_on")));
  }

  private static RestartSettings restart(ServiceJson json) {
    RestartSettings usual = RestartSettings.DEFAULT;
    return new RestartSettings(
        RestartSettings.Policy.ofKey(json.at("/restart/policy").asString(""))
            .orElse(usual.policy()),
        duration(json, "/restart/backoff", usual.backoff()),
        duration(json, "/restart/max_backoff", usual.maxBackoff()),
        duration(json, "/restart/reset_after", usual.resetAfter()),
        json.at("/restart/intensity").asInt(usual.intensity()),
        duration(json, "/restart/period", usual.period()),
        duration(json, "/restart/start_timeout", usual.startTimeout()));
  }

  private static DeploySettings deploy(ServiceJson json) {
    DeploySettings usual = DeploySettings.DEFAULT;
    JsonNode surge = json.at("/deploy/surge_ports");
    return new DeploySettings(
        json.at("/deploy/max_parallel").asInt(usual.maxParallel()),
        DurationReader.read(
            json, "/deploy/min_healthy_time", usual.minHealthyTime(), Duration.ZERO, LONGEST),
        DurationReader.read(
            json, "/deploy/drain_timeout", usual.drainTimeout(), Duration.ZERO, LONGEST),
        json.at("/deploy/auto_revert").asBoolean(usual.autoRevert()),
        surge.isInt() ? OptionalInt.of(surge.asInt()) : OptionalInt.empty());
  }

  private static Duration duration(ServiceJson json, String pointer, Duration usual) {
    return DurationReader.read(json, pointer, usual, SHORTEST, LONGEST);
  }

  private static List<String> names(JsonNode array) {
    List<String> names = new ArrayList<>();
    array.forEach(name -> names.add(name.asString("")));
    return names;
  }
}
