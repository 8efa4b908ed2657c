package io.wasmrunner.runtime;

import io.wasmrunner.model.ListenerDefinition;
import io.wasmrunner.model.ScheduleDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads {@code schedules} and {@code listeners} in every form; only what passed the schema. */
final class ScheduleReader {
  static final String NOT_IN_OPENAPI = "WR-2031";

  private static final List<String> PATH_KEYS = List.of("endpoint", "path");
  private static final List<String> INTERVAL_KEYS =
      List.of("interval_secs", "seconds", "interval", "every_secs");

  private ScheduleReader() {}

  static List<ScheduleDefinition> schedules(ServiceJson json) {
    List<ScheduleDefinition> schedules = new ArrayList<>();
    for (JsonNode node : json.at("/schedules")) {
      schedules.add(schedule(schedules.size(), node));
    }
    return schedules;
  }

  static List<ListenerDefinition> listeners(ServiceJson json) {
    List<ListenerDefinition> listeners = new ArrayList<>();
    for (JsonNode node : json.at("/listeners")) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        listeners.add(
            new ListenerDefinition(entry.getKey().strip(), entry.getValue().stringValue()));
      }
    }
    return listeners;
  }

  /** Warns about schedules that the contract does not know. */
  static void compare(ServiceJson json, List<ScheduleDefinition> schedules, OpenApiFile openapi) {
    for (ScheduleDefinition schedule : schedules) {
      String path = OpenApiFile.trimSlashes(schedule.path().replaceAll("\\?.*", ""));
      if (!openapi.getPaths().contains(path)) {
        json.warning(
            NOT_IN_OPENAPI,
            "/schedules/" + schedule.index(),
            "a path that openapi.json has with get",
            ViolationText.quote(schedule.path()),
            Suggestion.nearest(path, openapi.getPaths())
                .map(known -> "write \"/" + known + "\"")
                .orElse("correct the path, or add it to openapi.json"));
      }
    }
  }

  private static ScheduleDefinition schedule(int index, JsonNode node) {
    if (node.isArray()) {
      return schedule(index, node.get(0).stringValue(), node.get(1));
    }
    Optional<JsonNode> path = first(node, PATH_KEYS);
    if (path.isPresent()) {
      return schedule(index, path.get().stringValue(), first(node, INTERVAL_KEYS).orElseThrow());
    }
    Map.Entry<String, JsonNode> only = node.properties().iterator().next();
    return schedule(index, only.getKey(), only.getValue());
  }

  private static ScheduleDefinition schedule(int index, String path, JsonNode seconds) {
    return new ScheduleDefinition(
        index,
        "/" + OpenApiFile.trimSlashes(path),
        Duration.ofSeconds(seconds.decimalValue().longValueExact()));
  }

  private static Optional<JsonNode> first(JsonNode node, List<String> keys) {
    return keys.stream().filter(node::has).map(node::get).findFirst();
  }
}
