package io.wasmrunner.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A service as its folder describes it, checked.
 *
 * @param name name of the folder
 * @param folder the folder
 * @param prefix first path segments at the entry point, without slashes at the ends
 * @param address address of runner 0; the others follow on consecutive ports
 * @param domain group on the dashboard
 * @param type role, if given
 * @param required whether readiness of the process waits for it; default true
 * @param files what was found in the folder
 * @param guest what its runners get and may
 * @param lifecycle how its runners are kept running
 * @param traffic how requests reach it
 * @param schedules webhooks by time
 * @param listeners queue subscriptions
 */
public record ServiceDefinition(
    String name,
    Path folder,
    String prefix,
    RunnerAddress address,
    Optional<String> domain,
    Optional<ServiceType> type,
    boolean required,
    ServiceFiles files,
    GuestSettings guest,
    Lifecycle lifecycle,
    TrafficSettings traffic,
    List<ScheduleDefinition> schedules,
    List<ListenerDefinition> listeners) {
  /** Copies the collections. */
  public ServiceDefinition {
    schedules = List.copyOf(schedules);
    listeners = List.copyOf(listeners);
  }

  /** Number of copies, at least 1. */
  public int runners() {
    return lifecycle.runners();
  }

  /** Address of the runner with this index. */
  public RunnerAddress addressOf(int index) {
    return new RunnerAddress(address.host(), address.port() + index);
  }

  /** The same service with other traffic settings. */
  public ServiceDefinition withTraffic(TrafficSettings other) {
    return new ServiceDefinition(
        name, folder, prefix, address, domain, type, required, files, guest, lifecycle, other,
        schedules, listeners);
  }

  /** The same service with another lifecycle. */
  public ServiceDefinition withLifecycle(Lifecycle other) {
    return new ServiceDefinition(
        name, folder, prefix, address, domain, type, required, files, guest, other, traffic,
        schedules, listeners);
  }

  /** The same service, required or not. */
  public ServiceDefinition withRequired(boolean other) {
    return new ServiceDefinition(
        name, folder, prefix, address, domain, type, other, files, guest, lifecycle, traffic,
        schedules, listeners);
  }
}
