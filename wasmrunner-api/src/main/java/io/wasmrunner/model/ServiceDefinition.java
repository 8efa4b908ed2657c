package io.wasmrunner.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A service as its folder describes it, checked.
 *
 * @param name name of the folder
 * @param folder the folder
 * @param prefix first path segments at the entry point, without slashes at the ends
 * @param address address of runner 0; the others follow on consecutive ports
 * @param domain group on the dashboard
 * @param type role, if given
 * @param runners number of copies, at least 1
 * @param memoryLimitMb limit of a runner's linear memory in MiB; absent: the runtime's default
 * @param limits what else a runner may use
 * @param module the WebAssembly file
 * @param version {@code info.version} of openapi.json
 * @param openapi the openapi.json, if there is one
 * @param required whether readiness of the process waits for it; default true
 * @param env further environment of the guest
 * @param secrets environment of the guest whose values are kept elsewhere, by name
 * @param capabilities what the runners may reach; absent: unrestricted
 * @param launcher what runs it
 * @param health how it is probed
 * @param loadBalancing how requests are spread
 * @param timeouts how long the proxy waits
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
    int runners,
    OptionalInt memoryLimitMb,
    RunnerLimits limits,
    Path module,
    Optional<String> version,
    Optional<Path> openapi,
    boolean required,
    Map<String, String> env,
    Map<String, SecretSource> secrets,
    Optional<Capabilities> capabilities,
    PluginChoice launcher,
    HealthCheck health,
    PluginChoice loadBalancing,
    Timeouts timeouts,
    List<ScheduleDefinition> schedules,
    List<ListenerDefinition> listeners) {
  /** Copies the collections. */
  public ServiceDefinition {
    env = Map.copyOf(env);
    secrets = Map.copyOf(secrets);
    schedules = List.copyOf(schedules);
    listeners = List.copyOf(listeners);
  }

  /** Address of the runner with this index. */
  public RunnerAddress addressOf(int index) {
    return new RunnerAddress(address.host(), address.port() + index);
  }
}
