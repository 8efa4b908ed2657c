package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceReply;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/** Starts, stops, restarts, scales, reloads and disables services, and tells who asked for it. */
final class ServiceControl {
  private final Bus bus;
  private final LiveModel model;
  private final Clock clock;

  ServiceControl(Bus bus, LiveModel model, Clock clock) {
    this.bus = bus;
    this.model = model;
    this.clock = clock;
  }

  /** Acts on a service; the answer comes when it has begun. */
  Future<ServiceReply> act(RoutingContext context, ServiceCommand command) {
    if (command.action() != ServiceCommand.Action.RELOAD) { // which may be of one that is new
      ManagementApi.known(model, command.service());
    }
    String action = command.action().name().toLowerCase(Locale.ROOT);
    bus.announce(
        new SystemEvent(
            clock.instant(),
            SystemEvent.Severity.INFO,
            "service." + action + "_requested",
            Optional.of(command.service()),
            command.runner().isPresent()
                ? Optional.of(command.runner().getAsInt())
                : Optional.empty(),
            "%s%s, asked for by %s"
                .formatted(
                    action,
                    command.runners().isPresent()
                        ? " to " + command.runners().getAsInt() + " runners"
                        : "",
                    context.request().remoteAddress().hostAddress())));
    return bus.request(BusAddress.SERVICES_CONTROL, command, ServiceReply.class);
  }
}
