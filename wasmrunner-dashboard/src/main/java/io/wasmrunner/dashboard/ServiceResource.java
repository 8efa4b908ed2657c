package io.wasmrunner.dashboard;

import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.ListenerDefinition;
import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.ScheduleDefinition;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A service, as the management API shows it. */
record ServiceResource(
    String name,
    ServiceState state,
    Optional<String> digest,
    Optional<Definition> definition,
    List<RunnerResource> runners,
    CapabilitiesResource capabilities,
    List<Violation> violations,
    List<ModuleHint> hints) {

  /** What service.json says. Of the environment only names: values may be secrets. */
  record Definition(
      String prefix,
      String url,
      Optional<String> domain,
      Optional<String> type,
      int runners,
      Optional<Integer> memoryLimitMb,
      String module,
      Optional<String> version,
      boolean openapi,
      boolean required,
      List<String> envNames,
      List<String> secretNames,
      String launcher,
      String loadBalancing,
      Health health,
      List<ScheduleDefinition> schedules,
      List<ListenerDefinition> listeners) {}

  /** How its runners are probed. */
  record Health(
      String probe, Duration interval, Duration timeout, int healthyAfter, int unhealthyAfter) {}

  /** All services at one moment. */
  record Page(long revision, List<ServiceResource> services) {}

  static Page list(ServicesSnapshot snapshot) {
    return new Page(
        snapshot.revision(), snapshot.services().stream().map(ServiceResource::of).toList());
  }

  static ServiceResource of(ServiceStatus status) {
    return new ServiceResource(
        status.name(),
        status.state(),
        status.digest(),
        status.definition().map(ServiceResource::definition),
        status.runners().stream().map(RunnerResource::of).toList(),
        CapabilitiesResource.of(status.capabilities()),
        status.violations(),
        status.hints());
  }

  private static Definition definition(ServiceDefinition service) {
    return new Definition(
        service.prefix(),
        service.address().baseUrl(),
        service.domain(),
        service.type().map(ServiceType::key),
        service.runners(),
        service.guest().memoryLimitMb().isPresent()
            ? Optional.of(service.guest().memoryLimitMb().getAsInt())
            : Optional.empty(),
        String.valueOf(service.files().module().getFileName()),
        service.files().version(),
        service.files().openapi().isPresent(),
        service.required(),
        service.guest().env().keySet().stream().sorted().toList(),
        service.guest().secrets().keySet().stream().sorted().toList(),
        service.guest().launcher().name(),
        service.traffic().loadBalancing().name(),
        new Health(
            service.lifecycle().health().probe().name(),
            service.lifecycle().health().interval(),
            service.lifecycle().health().timeout(),
            service.lifecycle().health().healthyAfter(),
            service.lifecycle().health().unhealthyAfter()),
        service.schedules(),
        service.listeners());
  }
}
