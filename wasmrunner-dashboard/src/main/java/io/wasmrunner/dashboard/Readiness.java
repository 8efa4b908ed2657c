package io.wasmrunner.dashboard;

import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether every required service that is not disabled can serve, the scheduler knows them, and the
 * process is not about to stop.
 *
 * @param ready whether nothing stands against it
 * @param reasons what does
 */
record Readiness(boolean ready, List<Reason> reasons) {
  /** A service that cannot serve; without a name when it is not about one service. */
  record Reason(Optional<String> service, Optional<ServiceState> state, String why) {}

  static Readiness of(LiveModel model) {
    List<Reason> reasons = new ArrayList<>();
    if (model.isStopping()) {
      reasons.add(general("the process is stopping"));
    }
    if (!model.schedulesInForce()) {
      reasons.add(general("schedules and queues are not in force yet"));
    }
    model
        .services()
        .ifPresentOrElse(
            all -> all.services().forEach(service -> against(service).ifPresent(reasons::add)),
            () -> reasons.add(general("services are not known yet")));
    return new Readiness(reasons.isEmpty(), List.copyOf(reasons));
  }

  private static Reason general(String why) {
    return new Reason(Optional.empty(), Optional.empty(), why);
  }

  private static Optional<Reason> against(ServiceStatus service) {
    // Whether an INVALID service is required cannot be read from its files: it counts.
    boolean counts =
        service.state() != ServiceState.DISABLED
            && service.definition().map(ServiceDefinition::required).orElse(true);
    if (!counts) {
      return Optional.empty();
    }
    if (service.state() == ServiceState.INVALID) {
      return Optional.of(
          reason(service, "its files are wrong: " + service.violations().size() + " violations"));
    }
    if (service.runners().stream().noneMatch(r -> r.state() == RunnerState.READY)) {
      return Optional.of(
          reason(service, "none of its " + service.runners().size() + " runners is ready"));
    }
    return Optional.empty();
  }

  private static Reason reason(ServiceStatus service, String why) {
    return new Reason(Optional.of(service.name()), Optional.of(service.state()), why);
  }
}
