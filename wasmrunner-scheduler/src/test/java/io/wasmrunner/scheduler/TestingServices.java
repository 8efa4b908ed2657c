package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.ServicesQuery;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.GuestSettings;
import io.wasmrunner.model.Lifecycle;
import io.wasmrunner.model.ListenerDefinition;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.ScheduleDefinition;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceFiles;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.model.TrafficSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plays the runtime's part on the bus: says which services there are. */
final class TestingServices {
  private final Bus bus;
  private final Map<String, ServiceStatus> services = new TreeMap<>();
  private final MessageConsumer<BusMessage> serving;
  private long revision;

  TestingServices(Vertx vertx) {
    bus = Bus.of(vertx);
    serving =
        bus.serve(
            BusAddress.SERVICES_LIST,
            ServicesQuery.class,
            query -> Future.succeededFuture(snapshot()));
  }

  synchronized void put(Spec spec) {
    services.put(
        spec.name,
        new ServiceStatus(
            spec.name,
            spec.state,
            spec.state == ServiceState.INVALID ? Optional.empty() : Optional.of(spec.definition()),
            Optional.empty(),
            List.of(),
            CapabilityStatus.NONE,
            List.of()));
    tell();
  }

  /** Answers no more. */
  void silence() throws Exception {
    TestingScheduler.get(serving.unregister());
  }

  synchronized void remove(String name) {
    services.remove(name);
    tell();
  }

  private void tell() {
    revision++;
    bus.publish(BusAddress.SERVICES_CHANGED, snapshot());
  }

  private synchronized ServicesSnapshot snapshot() {
    return new ServicesSnapshot(revision, List.copyOf(services.values()));
  }

  static Spec service(String name) {
    return new Spec(name);
  }

  /** A service in the making; its prefix is its name. */
  static final class Spec {
    private final String name;
    private final List<ScheduleDefinition> schedules = new ArrayList<>();
    private final List<ListenerDefinition> listeners = new ArrayList<>();
    private ServiceState state = ServiceState.READY;

    private Spec(String name) {
      this.name = name;
    }

    Spec schedule(String path, Duration interval) {
      schedules.add(new ScheduleDefinition(schedules.size(), path, interval));
      return this;
    }

    Spec listen(String queue, String path) {
      listeners.add(new ListenerDefinition(queue, path));
      return this;
    }

    Spec state(ServiceState now) {
      state = now;
      return this;
    }

    private ServiceDefinition definition() {
      return new ServiceDefinition(
          name,
          Path.of("services", name),
          name,
          new RunnerAddress("127.0.0.1", 15001),
          Optional.empty(),
          Optional.empty(),
          true,
          ServiceFiles.of(Path.of("services", name, name + ".wasm")),
          GuestSettings.DEFAULT,
          Lifecycle.DEFAULT,
          TrafficSettings.DEFAULT.withTimeouts(
              new Timeouts(
                  Duration.ofSeconds(2), Duration.ofMillis(1), Duration.ZERO, Duration.ZERO)),
          schedules,
          listeners);
    }
  }
}
