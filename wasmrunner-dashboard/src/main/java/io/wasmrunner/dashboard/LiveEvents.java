package io.wasmrunner.dashboard;

import io.vertx.core.buffer.Buffer;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.ScheduleStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns changes of the live model and of the history into frames. Each topic is written once for
 * all listeners, and not more often than the verticle asks for it.
 */
final class LiveEvents {
  private static final int CLIENTS = 64;
  private static final int UNREAD_BYTES = 1 << 20;
  private static final int EVENTS_AT_ONCE = 200;
  private static final int EVENTS_IN_GREETING = 50;
  private static final Buffer HEARTBEAT = Buffer.buffer(": still here\n\n");

  private final LiveModel model;
  private final EventHistory history;
  private final EventStream stream = new EventStream(CLIENTS, UNREAD_BYTES, this::greeting);

  private Optional<ServicesSnapshot> sentServices = Optional.empty();
  private Optional<List<ScheduleStatus>> sentSchedules = Optional.empty();
  private Optional<List<QueueStatus>> sentQueues = Optional.empty();
  private long sentEvents;

  LiveEvents(LiveModel model, EventHistory history) {
    this.model = model;
    this.history = history;
  }

  /** The listeners. */
  EventStream stream() {
    return stream;
  }

  /** Sends what changed since the last call. Called by one thread at a time. */
  void broadcastChanges() {
    Optional<ServicesSnapshot> services = model.services();
    if (!services.equals(sentServices)) {
      services.ifPresent(changed -> broadcast(() -> frame(changed)));
      sentServices = services;
    }
    Optional<List<ScheduleStatus>> schedules = model.schedules();
    if (!schedules.equals(sentSchedules)) {
      schedules.ifPresent(changed -> broadcast(() -> schedules(changed)));
      sentSchedules = schedules;
    }
    Optional<List<QueueStatus>> queues = model.queues();
    if (!queues.equals(sentQueues)) {
      queues.ifPresent(changed -> broadcast(() -> queues(changed)));
      sentQueues = queues;
    }
    for (EventHistory.Entry entry : history.after(sentEvents, EVENTS_AT_ONCE)) {
      broadcast(() -> frame(entry));
      sentEvents = entry.sequence();
    }
  }

  private void broadcast(Supplier<Buffer> frame) {
    if (stream.size() > 0) {
      stream.broadcast(frame.get());
    }
  }

  /** Keeps idle connections open. */
  void heartbeat() {
    stream.broadcast(HEARTBEAT);
  }

  private List<Buffer> greeting(long lastKnownEvent) {
    List<Buffer> frames = new ArrayList<>();
    model.services().map(LiveEvents::frame).ifPresent(frames::add);
    model.schedules().map(LiveEvents::schedules).ifPresent(frames::add);
    model.queues().map(LiveEvents::queues).ifPresent(frames::add);
    history.after(lastKnownEvent, EVENTS_IN_GREETING).forEach(entry -> frames.add(frame(entry)));
    return frames;
  }

  private static Buffer frame(ServicesSnapshot services) {
    return EventStream.frame("services", JsonAnswer.write(ServiceResource.list(services)));
  }

  private static Buffer schedules(List<ScheduleStatus> schedules) {
    return EventStream.frame("schedules", JsonAnswer.write(ScheduleResource.list(schedules)));
  }

  private static Buffer queues(List<QueueStatus> queues) {
    return EventStream.frame("queues", JsonAnswer.write(new QueueList(queues)));
  }

  private static Buffer frame(EventHistory.Entry entry) {
    return EventStream.frame(entry.sequence(), "event", JsonAnswer.write(EventResource.of(entry)));
  }
}
