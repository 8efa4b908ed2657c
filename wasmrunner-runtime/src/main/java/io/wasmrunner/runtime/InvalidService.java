package io.wasmrunner.runtime;

import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.Violation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is shown of a service whose files are wrong, and of which nothing runs. */
final class InvalidService {
  private InvalidService() {}

  static ServiceStatus status(ServiceEntry entry) {
    List<Violation> all =
        Stream.concat(entry.errors().stream(), entry.warnings().stream()).toList();
    return new ServiceStatus(
        entry.name(),
        ServiceState.INVALID,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        CapabilityStatus.NONE,
        all);
  }
}
