package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.ScheduleCommand;
import java.util.Map;

/** The buttons of schedules on the page: an action, then back to the page. */
final class ScheduleForms {
  private static final Map<String, ScheduleCommand.Action> ACTIONS =
      Map.of(
          "run", ScheduleCommand.Action.RUN,
          "pause", ScheduleCommand.Action.PAUSE,
          "resume", ScheduleCommand.Action.RESUME);

  private final ScheduleControl schedules;

  ScheduleForms(ScheduleControl schedules) {
    this.schedules = schedules;
  }

  void mount(Endpoints endpoints) {
    ACTIONS.forEach(
        (name, action) ->
            endpoints.post(
                Paths.UI + "/schedules/:service/:index/" + name,
                context -> act(context, name, action)));
  }

  private void act(RoutingContext context, String name, ScheduleCommand.Action action) {
    Endpoints.whenDone(
        context,
        schedules.act(context, action),
        schedule ->
            context
                .response()
                .setStatusCode(303)
                .putHeader("Location", Notice.redirect(name, schedule))
                .putHeader("Cache-Control", "no-store")
                .end());
  }
}
