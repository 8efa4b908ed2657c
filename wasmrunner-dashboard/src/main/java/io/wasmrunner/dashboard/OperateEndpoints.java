package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.PlanQuery;
import io.wasmrunner.bus.PlanSnapshot;
import io.wasmrunner.bus.ReloadCommand;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceCommand.Action;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Acts on services over the management API. A command that is accepted has begun: 202. */
final class OperateEndpoints {
  /** Reading all files of all services takes longer than other answers. */
  private static final Duration READING = Duration.ofSeconds(30);

  private static final int MOST = 65_535;

  private final Bus bus;
  private final ServiceControl services;
  private final BodyReader bodies;
  private final Clock clock;

  OperateEndpoints(Bus bus, ServiceControl services, BodyReader bodies, Clock clock) {
    this.bus = bus;
    this.services = services;
    this.bodies = bodies;
    this.clock = clock;
  }

  void mount(Endpoints endpoints) {
    for (Action action : Action.values()) {
      endpoints.post(
          Paths.API + "/services/:name/" + name(action), context -> command(context, action));
    }
    endpoints
        .json(Paths.API + "/plan", context -> plan())
        .post(Paths.API + "/reload", this::reload);
  }

  /** What was accepted. */
  record Accepted(String service, String action, String detail) {}

  /** What a reload changes, or would. */
  record Plan(List<Change> changes) {
    static Plan of(PlanSnapshot snapshot) {
      return new Plan(
          snapshot.changes().stream()
              .map(
                  each ->
                      new Change(each.service(), each.kind().key(), each.details(), each.effect()))
              .toList());
    }
  }

  /** What a reload changes about a service. */
  record Change(String service, String change, List<String> detail, String effect) {}

  private void command(RoutingContext context, Action action) {
    String service = context.pathParam("name");
    accepted(
        context,
        bodies
            .read(
                context.request(),
                body -> services.act(context, command(service, action, read(body))))
            .map(reply -> new Accepted(service, name(action), reply.detail())));
  }

  private static ServiceCommand command(String service, Action action, JsonObject body) {
    boolean takesRunner =
        action == Action.START || action == Action.STOP || action == Action.RESTART;
    for (String key : body.fieldNames()) {
      boolean known =
          (takesRunner && key.equals("runner"))
              || (action == Action.SCALE && key.equals("runners"));
      if (!known) {
        throw Problem.invalidParameter(key, "no such key in the body", "one");
      }
    }
    OptionalInt runners = number(body, "runners");
    if (action == Action.SCALE && runners.isEmpty()) {
      throw Problem.invalidParameter("runners", "a whole number", "none");
    }
    return new ServiceCommand(service, action, number(body, "runner"), runners);
  }

  private static JsonObject read(Buffer body) {
    if (body.length() == 0) {
      return new JsonObject();
    }
    try {
      return body.toJsonObject();
    } catch (DecodeException | ClassCastException e) {
      throw Problem.invalidParameter("body", "a JSON object, or nothing", "something else");
    }
  }

  private static OptionalInt number(JsonObject body, String key) {
    if (!body.containsKey(key)) {
      return OptionalInt.empty();
    }
    boolean fits = body.getValue(key) instanceof Integer number && number >= 0 && number <= MOST;
    if (!fits) {
      throw Problem.invalidParameter(
          key, "a whole number from 0 to " + MOST, String.valueOf(body.getValue(key)));
    }
    return OptionalInt.of(body.getInteger(key));
  }

  private Future<Plan> plan() {
    return bus.request(BusAddress.SERVICES_PLAN, new PlanQuery(), PlanSnapshot.class, READING)
        .map(Plan::of);
  }

  private void reload(RoutingContext context) {
    bus.announce(
        new SystemEvent(
            clock.instant(),
            SystemEvent.Severity.INFO,
            "services.reload_requested",
            Optional.empty(),
            Optional.empty(),
            "reload, asked for by " + context.request().remoteAddress().hostAddress()));
    accepted(
        context,
        bus.request(BusAddress.SERVICES_RELOAD, new ReloadCommand(), PlanSnapshot.class, READING)
            .map(Plan::of));
  }

  private static void accepted(RoutingContext context, Future<?> answer) {
    Endpoints.whenDone(
        context,
        answer,
        value -> {
          context.response().setStatusCode(202);
          JsonAnswer.send(context, value);
        });
  }

  private static String name(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
