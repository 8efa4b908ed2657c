package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what is wrong with {@code depends_on}: services that are not there, and circles. */
final class Dependencies {
  static final String UNKNOWN = "WR-2101";
  static final String CIRCLE = "WR-2102";

  private static final String KEY = "/depends_on";

  private final Set<String> names = new HashSet<>();
  private final Map<String, List<String>> needs = new HashMap<>();

  Dependencies(List<LoadedService> services) {
    for (LoadedService service : services) {
      names.add(service.entry().name());
      service
          .entry()
          .definition()
          .ifPresent(each -> needs.put(each.name(), each.lifecycle().dependsOn()));
    }
  }

  /** The service, rejected when it can never start. */
  LoadedService check(LoadedService loaded) {
    Optional<ServiceDefinition> definition = loaded.entry().definition();
    if (definition.isEmpty() || loaded.json().isEmpty()) {
      return loaded;
    }
    List<Violation> violations = violations(definition.get(), loaded.json().get());
    return violations.isEmpty()
        ? loaded
        : new LoadedService(loaded.entry().rejected(violations), loaded.json());
  }

  private List<Violation> violations(ServiceDefinition service, ServiceJson json) {
    List<Violation> violations = new ArrayList<>();
    for (String name : service.lifecycle().dependsOn()) {
      if (!names.contains(name)) {
        violations.add(
            json.violation(
                UNKNOWN,
                KEY,
                "names of services",
                ViolationText.quote(name),
                Suggestion.nearest(name, List.copyOf(names))
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("add that service, or remove the name")));
      }
    }
    if (violations.isEmpty() && needsItself(service.name())) {
      violations.add(
          json.violation(
              CIRCLE,
              KEY,
              "services that start without this one",
              "a circle that leads back to " + ViolationText.quote(service.name()),
              "remove one of the names in the circle"));
    }
    return violations;
  }

  private boolean needsItself(String service) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(needs.getOrDefault(service, List.of()));
    while (!open.isEmpty()) {
      String name = open.removeFirst();
      if (name.equals(service)) {
        return true;
      }
      if (seen.add(name)) {
        open.addAll(needs.getOrDefault(name, List.of()));
      }
    }
    return false;
  }
}
