package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.ScheduleReply;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Pauses, resumes and runs schedules, and tells who asked for it. */
final class ScheduleControl {
  /** What the scheduler waits for an answer at least. */
  private static final Duration DELIVERY = Duration.ofSeconds(30);

  /** Attempts that come before the last one, and the write at the end. */
  private static final Duration RUN_ATTEMPTS = Duration.ofSeconds(30);

  private final Bus bus;
  private final LiveModel model;
  private final Clock clock;

  ScheduleControl(Bus bus, LiveModel model, Clock clock) {
    this.bus = bus;
    this.model = model;
    this.clock = clock;
  }

  /** Acts on the schedule in the path; the answer to RUN comes when the run has ended. */
  Future<ScheduleStatus> act(RoutingContext context, ScheduleCommand.Action action) {
    ServiceStatus status = ManagementApi.known(model, context.pathParam("service"));
    String service = status.name();
    int index = Parameters.index(context.pathParam("index"));
    if (action == ScheduleCommand.Action.RUN) {
      announce(context, "schedule.run_requested", "run now", service, index);
    }
    return bus.request(
            BusAddress.SCHEDULES_CONTROL,
            new ScheduleCommand(service, index, action),
            ScheduleReply.class,
            patience(status, action))
        .recover(ScheduleControl::refused)
        .map(
            reply -> {
              model.putSchedule(reply.schedule());
              if (action != ScheduleCommand.Action.RUN) {
                boolean paused = reply.schedule().paused();
                announce(
                    context,
                    paused ? "schedule.paused" : "schedule.resumed",
                    paused ? "paused" : "resumed",
                    service,
                    index);
              }
              return reply.schedule();
            });
  }

  private static Future<ScheduleReply> refused(Throwable failure) {
    return Future.failedFuture(
        failure instanceof RequestFailedException known && known.reason() == Reason.NOT_FOUND
            ? Problem.of(known).plainly("not found")
            : failure);
  }

  /**
   * How long to wait for the scheduler. A run may wait for the service as long as a delivery does,
   * some seconds after its first attempt.
   */
  static Duration patience(ServiceStatus service, ScheduleCommand.Action action) {
    if (action != ScheduleCommand.Action.RUN) {
      return Bus.REQUEST_TIMEOUT;
    }
    Duration firstByte =
        service
            .definition()
            .map(each -> each.traffic().timeouts().firstByte())
            .orElse(Duration.ZERO);
    return (firstByte.compareTo(DELIVERY) > 0 ? firstByte : DELIVERY).plus(RUN_ATTEMPTS);
  }

  private void announce(
      RoutingContext context, String kind, String what, String service, int index) {
    bus.announce(
        new SystemEvent(
            clock.instant(),
            SystemEvent.Severity.INFO,
            kind,
            Optional.of(service),
            Optional.empty(),
            "schedule %s/%d: %s, asked for by %s"
                .formatted(service, index, what, context.request().remoteAddress().hostAddress())));
  }
}
