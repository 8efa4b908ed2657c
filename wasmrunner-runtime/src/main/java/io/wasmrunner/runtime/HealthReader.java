package io.wasmrunner.runtime;

import io.wasmrunner.model.HealthCheck;
import io.wasmrunner.model.PluginChoice;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code health}. */
final class HealthReader {
  static final String PATH_UNUSABLE = "WR-2036";

  private static final String PATH = "/health/path";
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofHours(1);

  private HealthReader() {}

  static HealthCheck read(ServiceJson json) {
    HealthCheck usual = HealthCheck.DEFAULT;
    return new HealthCheck(
        probe(json, usual.probe()),
        DurationReader.read(json, "/health/interval", usual.interval(), SHORTEST, LONGEST),
        DurationReader.read(json, "/health/timeout", usual.timeout(), SHORTEST, LONGEST),
        json.at("/health/healthy_after").asInt(usual.healthyAfter()),
        json.at("/health/unhealthy_after").asInt(usual.unhealthyAfter()));
  }

  private static PluginChoice probe(ServiceJson json, PluginChoice usual) {
    JsonNode node = json.at("/health/probe");
    PluginChoice probe = node.isMissingNode() ? usual : PluginChoices.read(node);
    JsonNode path = json.at(PATH);
    if (!path.isString() || probe.name().isEmpty()) {
      return probe;
    }
    if (!probe.name().equals(HttpProbe.NAME)) {
      json.error(
          PATH_UNUSABLE,
          PATH,
          "no path for the probe \"" + probe.name() + "\"",
          ViolationText.quote(path.stringValue()),
          "remove it, or use the settings of the probe");
      return probe;
    }
    if (probe.settings().containsKey(HttpProbe.PATH)) {
      json.error(
          PATH_UNUSABLE,
          PATH,
          "the path once",
          "one here and one in probe",
          "remove one of the two");
      return probe;
    }
    Map<String, Object> settings = new HashMap<>(probe.settings());
    settings.put(HttpProbe.PATH, path.stringValue());
    return new PluginChoice(probe.name(), settings);
  }
}
