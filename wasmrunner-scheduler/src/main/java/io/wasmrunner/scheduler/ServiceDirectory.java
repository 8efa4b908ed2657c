package io.wasmrunner.scheduler;

import io.vertx.core.Vertx;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ServicesQuery;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services as the runtime last told. Belongs to one context. */
final class ServiceDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceDirectory.class);

  /** The services are not known yet. */
  static final String NOT_KNOWN = "WR-4206";

  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  /** Events may get lost, so the runtime is asked from time to time. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Bus bus;
  private final Consumer<ServiceDirectory> changed;
  private Map<String, ServiceStatus> services = Map.of();
  private long revision = Long.MIN_VALUE;

  ServiceDirectory(Vertx vertx, Bus bus, Consumer<ServiceDirectory> changed) {
    this.vertx = vertx;
    this.bus = bus;
    this.changed = changed;
  }

  void follow() {
    bus.subscribe(BusAddress.SERVICES_CHANGED, ServicesSnapshot.class, this::update);
    ask();
  }

  /** Whether the runtime has told anything yet. */
  boolean known() {
    return revision != Long.MIN_VALUE;
  }

  /** Answer to who asks before that. */
  static RequestFailedException notKnown() {
    return new RequestFailedException(
        Reason.UNAVAILABLE,
        NOT_KNOWN,
        "the services, and so their schedules and the subscribers of the queues, are not known yet",
        "Try again in a moment.");
  }

  /** All services, sorted by name. */
  Map<String, ServiceStatus> services() {
    return services;
  }

  /** The description of a service that is there and valid. */
  Optional<ServiceDefinition> definition(String service) {
    return Optional.ofNullable(services.get(service)).flatMap(ServiceStatus::definition);
  }

  /** Whether at least one runner of the service takes requests. */
  boolean available(String service) {
    ServiceStatus status = services.get(service);
    return status != null
        && (status.state() == ServiceState.READY || status.state() == ServiceState.DEGRADED);
  }

  /** Whether the service is on its way up. */
  boolean starting(String service) {
    ServiceStatus status = services.get(service);
    return status != null && status.state() == ServiceState.STARTING;
  }

  private void ask() {
    bus.request(BusAddress.SERVICES_LIST, new ServicesQuery(), ServicesSnapshot.class)
        .onSuccess(this::update)
        .onFailure(failure -> LOG.debug("the runtime does not answer yet", failure))
        .onComplete(
            asked ->
                vertx.setTimer(
                    (asked.succeeded() ? REFRESH : ASK_AGAIN).toMillis(), fired -> ask()));
  }

  private void update(ServicesSnapshot snapshot) {
    if (known() && snapshot.revision() <= revision) {
      return;
    }
    revision = snapshot.revision();
    Map<String, ServiceStatus> told = new TreeMap<>();
    snapshot.services().forEach(service -> told.put(service.name(), service));
    services = told;
    changed.accept(this);
  }
}
