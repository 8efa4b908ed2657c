package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what services have against each other. Of two that clash the later by name is invalid, so
 * that one service more never takes another one down that ran before.
 */
final class ServiceConflicts {
  static final String SAME_PREFIX = "WR-2022";
  static final String SAME_PORT = "WR-2025";
  static final String ENTRY_PORT = "WR-2026";

  private final int entryPort;
  private final List<ServiceDefinition> accepted = new ArrayList<>();

  ServiceConflicts(int entryPort) {
    this.entryPort = entryPort;
  }

  /** The service, rejected when it clashes with one that was checked before. */
  ServiceEntry check(LoadedService loaded) {
    ServiceEntry entry = loaded.entry();
    Optional<ServiceDefinition> definition = entry.definition();
    if (definition.isEmpty() || loaded.json().isEmpty()) {
      return entry;
    }
    List<Violation> clashes = clashes(definition.get(), loaded.json().get());
    if (clashes.isEmpty()) {
      accepted.add(definition.get());
      return entry;
    }
    return entry.rejected(clashes);
  }

  private List<Violation> clashes(ServiceDefinition service, ServiceJson json) {
    List<Violation> clashes = new ArrayList<>();
    if (entryPort >= first(service) && entryPort <= last(service)) {
      clashes.add(
          json.violation(
              ENTRY_PORT,
              "/url",
              "ports other than " + entryPort + ", the port of the entry point",
              ports(service),
              "choose another port"));
    }
    for (ServiceDefinition other : accepted) {
      if (other.prefix().equals(service.prefix())) {
        clashes.add(
            json.violation(
                SAME_PREFIX,
                "/prefix",
                "a prefix that no other service has",
                "\"" + service.prefix() + "\", which is the prefix of service " + other.name(),
                "choose another prefix for one of the two"));
      }
      if (first(service) <= last(other) && first(other) <= last(service)) {
        clashes.add(
            json.violation(
                SAME_PORT,
                "/url",
                "ports that no other service has",
                ports(service) + ", while service " + other.name() + " has " + ports(other),
                "choose another port, for example " + freePort(service)));
      }
    }
    return clashes;
  }

  private int freePort(ServiceDefinition service) {
    int free = first(service);
    for (int i = 0; i <= accepted.size(); i++) {
      for (ServiceDefinition other : accepted) {
        if (free <= last(other) && first(other) <= free + service.runners() - 1) {
          free = last(other) + 1;
        }
      }
    }
    return free;
  }

  private static int first(ServiceDefinition service) {
    return service.address().port();
  }

  private static int last(ServiceDefinition service) {
    return first(service) + service.runners() - 1;
  }

  private static String ports(ServiceDefinition service) {
    return service.runners() == 1
        ? "port " + first(service)
        : "ports " + first(service) + " to " + last(service);
  }
}
