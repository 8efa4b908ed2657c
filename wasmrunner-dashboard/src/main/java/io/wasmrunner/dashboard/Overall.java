package io.wasmrunner.dashboard;

import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.util.List;
import java.util.Optional;

/**
 * The state of everything in one sentence.
 *
 * @param key key of the sentence
 * @param css tone
 * @param services services listed
 * @param servicesReady those with every runner ready
 * @param runners runners of all services
 * @param runnersReady those that get requests
 */
record Overall(
    String key, String css, int services, long servicesReady, long runners, long runnersReady) {

  static Overall of(Optional<List<ServiceStatus>> known, List<QueueStatus> queues) {
    List<ServiceStatus> services = known.orElse(List.of());
    String key;
    Tone tone;
    if (known.isEmpty()) {
      key = "overall.unknown";
      tone = Tone.CALM;
    } else if (any(services, ServiceState.DOWN) || any(services, ServiceState.INVALID)) {
      key = "overall.bad";
      tone = Tone.BAD;
    } else if (any(services, ServiceState.DEGRADED)
        || queues.stream().anyMatch(q -> q.dead() > 0)) {
      key = "overall.warn";
      tone = Tone.WARN;
    } else if (any(services, ServiceState.STARTING)) {
      key = "overall.starting";
      tone = Tone.WARN;
    } else {
      key = services.isEmpty() ? "overall.empty" : "overall.ok";
      tone = services.isEmpty() ? Tone.CALM : Tone.OK;
    }
    return new Overall(
        key,
        tone.css(),
        services.size(),
        services.stream().filter(s -> s.state() == ServiceState.READY).count(),
        services.stream().mapToLong(s -> s.runners().size()).sum(),
        services.stream()
            .flatMap(s -> s.runners().stream())
            .filter(r -> r.state() == RunnerState.READY)
            .count());
  }

  private static boolean any(List<ServiceStatus> services, ServiceState state) {
    return services.stream().anyMatch(service -> service.state() == state);
  }
}
