package io.wasmrunner.model;

import java.util.List;
import java.util.Optional;

/**
 * A service at one moment.
 *
 * @param name name of its folder
 * @param state where it stands
 * @param definition its checked description; absent when INVALID
 * @param digest {@code sha256:…} of the module, once read
 * @param runners its runners by index; empty when INVALID
 * @param capabilities what its runners have reached and were refused
 * @param violations what is wrong with its files; non-empty when INVALID, warnings otherwise
 * @param hints what about its module costs speed; at most a few, empty until that is known
 */
public record ServiceStatus(
    String name,
    ServiceState state,
    Optional<ServiceDefinition> definition,
    Optional<String> digest,
    List<RunnerStatus> runners,
    CapabilityStatus capabilities,
    List<Violation> violations,
    List<ModuleHint> hints) {
  /** Copies the collections. */
  public ServiceStatus {
    runners = List.copyOf(runners);
    violations = List.copyOf(violations);
    hints = List.copyOf(hints);
  }

  /** Without hints. */
  public ServiceStatus(
      String name,
      ServiceState state,
      Optional<ServiceDefinition> definition,
      Optional<String> digest,
      List<RunnerStatus> runners,
      CapabilityStatus capabilities,
      List<Violation> violations) {
    this(name, state, definition, digest, runners, capabilities, violations, List.of());
  }
}
