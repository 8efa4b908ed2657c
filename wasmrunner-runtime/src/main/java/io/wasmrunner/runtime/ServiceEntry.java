package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import java.util.List;
import java.util.Optional;

/**
 * A folder below the services folder, as it was read.
 *
 * @param name name of the folder
 * @param definition what it describes; absent when there are errors
 * @param errors what makes it invalid
 * @param warnings what is suspicious but does not stop it
 * @param openapi text of its openapi.json
 */
public record ServiceEntry(
    String name,
    Optional<ServiceDefinition> definition,
    List<Violation> errors,
    List<Violation> warnings,
    Optional<String> openapi) {
  /** Copies the lists. */
  public ServiceEntry {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    if (errors.isEmpty() == definition.isEmpty()) {
      throw new IllegalArgumentException("either errors or a definition: " + name);
    }
  }

  /** Whether it can be started. */
  public boolean valid() {
    return errors.isEmpty();
  }

  /** The same folder, found invalid. */
  ServiceEntry rejected(List<Violation> reasons) {
    return new ServiceEntry(name, Optional.empty(), reasons, warnings, openapi);
  }
}
