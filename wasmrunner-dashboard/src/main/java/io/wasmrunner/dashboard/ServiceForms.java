package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceCommand.Action;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The buttons of services: an action, then to the page of the service. */
final class ServiceForms {
  private static final int MOST_RUNNERS = 1_000;

  private final ServiceControl services;

  ServiceForms(ServiceControl services) {
    this.services = services;
  }

  void mount(Endpoints endpoints) {
    for (Action action : Action.values()) {
      String name = action.name().toLowerCase(Locale.ROOT);
      endpoints.post(Paths.UI + "/services/:name/" + name, context -> act(context, name, action));
    }
  }

  private void act(RoutingContext context, String name, Action action) {
    ServiceCommand command =
        new ServiceCommand(
            context.pathParam("name"),
            action,
            takesRunner(action)
                ? some(Parameters.number(context, "runner", 0, 65_535))
                : OptionalInt.empty(),
            action == Action.SCALE
                ? OptionalInt.of(
                    Parameters.number(context, "runners", 1, MOST_RUNNERS)
                        .orElseThrow(
                            () ->
                                Problem.invalidParameter(
                                    "runners", "a whole number from 1 to " + MOST_RUNNERS, "")))
                : OptionalInt.empty());
    Endpoints.whenDone(
        context,
        services.act(context, command),
        reply ->
            context
                .response()
                .setStatusCode(303)
                .putHeader(
                    "Location", ServicePage.path(command.service()) + "?done=" + name + "#notice")
                .putHeader("Cache-Control", "no-store")
                .end());
  }

  private static OptionalInt some(Optional<Integer> number) {
    return number.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static boolean takesRunner(Action action) {
    return switch (action) {
      case START, STOP, RESTART -> true;
      case RELOAD, SCALE, ENABLE, DISABLE -> false;
    };
  }
}
