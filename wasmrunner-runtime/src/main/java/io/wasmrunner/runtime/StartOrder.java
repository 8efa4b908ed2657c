package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who starts after whom, by {@code depends_on}. */
final class StartOrder {
  private StartOrder() {}

  /**
   * The services in steps: those of a step need only services of steps before it. Services that
   * need each other, which the catalogue refuses, come last together.
   */
  static List<List<String>> steps(Collection<ServiceDefinition> services) {
    Map<String, Set<String>> needs = new LinkedHashMap<>();
    services.forEach(
        service -> needs.put(service.name(), new HashSet<>(service.lifecycle().dependsOn())));
    needs.values().forEach(names -> names.retainAll(needs.keySet()));
    List<List<String>> steps = new ArrayList<>();
    while (!needs.isEmpty()) {
      List<String> free =
          needs.entrySet().stream()
              .filter(each -> each.getValue().isEmpty())
              .map(Map.Entry::getKey)
              .toList();
      List<String> step = free.isEmpty() ? List.copyOf(needs.keySet()) : free;
      steps.add(step);
      step.forEach(needs::remove);
      needs.values().forEach(names -> names.removeAll(step));
    }
    return steps;
  }
}
