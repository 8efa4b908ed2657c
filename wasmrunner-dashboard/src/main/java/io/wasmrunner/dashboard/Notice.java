package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.model.ScheduleStatus;
import java.util.Optional;
import java.util.Set;

/** What to say after a form was sent: the redirect names the schedule, its state is looked up. */
final class Notice {
  private static final Set<String> ACTIONS = Set.of("run", "pause", "resume");

  private Notice() {}

  /** Where to go after an action on a schedule. */
  static String redirect(String action, ScheduleStatus schedule) {
    String service = Paths.encode(schedule.service());
    return "/?done=%s&service=%s&index=%d#schedule-%s-%d"
        .formatted(action, service, schedule.index(), service, schedule.index());
  }

  /** The words for this request, if it is such a redirect. */
  static Optional<String> in(RoutingContext context, LiveModel model, Pages.Visitor visitor) {
    Optional<String> done = Parameters.text(context, "done").filter(ACTIONS::contains);
    Optional<String> service = Parameters.text(context, "service");
    Optional<Integer> index = Parameters.number(context, "index", 0, 65_535);
    if (done.isEmpty() || service.isEmpty() || index.isEmpty()) {
      return Optional.empty();
    }
    return model
        .schedule(service.get(), index.get())
        .map(
            schedule ->
                visitor
                    .messages()
                    .text(
                        "notice." + done.get(),
                        schedule.service() + " " + schedule.path(),
                        schedule.lastRun().map(visitor.figures()::runResult).orElse("")));
  }
}
