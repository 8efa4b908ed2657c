package io.wasmrunner.dashboard;

import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of services, schedules and queues: snapshots, kept fresh by events. Thread-safe;
 * readers get immutable lists and never wait.
 */
final class LiveModel {
  private static final Comparator<ScheduleStatus> BY_ID =
      Comparator.comparing(ScheduleStatus::service).thenComparing(ScheduleStatus::index);

  private volatile Optional<ServicesSnapshot> services = Optional.empty();
  private volatile Optional<List<ScheduleStatus>> schedules = Optional.empty();
  private volatile boolean schedulesInForce;
  private volatile boolean stopping;
  private volatile Optional<List<QueueStatus>> queues = Optional.empty();

  /** Services sorted by name; absent until the runtime has answered once. */
  Optional<ServicesSnapshot> services() {
    return services;
  }

  /** Schedules by service and index; absent until the scheduler has answered once. */
  Optional<List<ScheduleStatus>> schedules() {
    return schedules;
  }

  /** Whether the scheduler acts on what the services say. */
  boolean schedulesInForce() {
    return schedulesInForce;
  }

  /** Whether the process is about to stop. */
  boolean isStopping() {
    return stopping;
  }

  /** The process is about to stop. */
  void stopping() {
    stopping = true;
  }

  /** Queues by name; absent until the scheduler has answered once. */
  Optional<List<QueueStatus>> queues() {
    return queues;
  }

  /** The service with this name. */
  Optional<ServiceStatus> service(String name) {
    return services.stream()
        .flatMap(snapshot -> snapshot.services().stream())
        .filter(service -> service.name().equals(name))
        .findFirst();
  }

  /** The schedule with this place. */
  Optional<ScheduleStatus> schedule(String service, int index) {
    return schedules.stream()
        .flatMap(List::stream)
        .filter(schedule -> schedule.service().equals(service) && schedule.index() == index)
        .findFirst();
  }

  /** The queue with this name. */
  Optional<QueueStatus> queue(String name) {
    return queues.stream().flatMap(List::stream).filter(q -> q.name().equals(name)).findFirst();
  }

  /** Takes a snapshot unless a newer one is held; says whether it changed anything. */
  synchronized boolean replaceServices(ServicesSnapshot snapshot) {
    if (services.filter(held -> held.revision() > snapshot.revision()).isPresent()
        || services.filter(snapshot::equals).isPresent()) {
      return false;
    }
    services = Optional.of(snapshot);
    return true;
  }

  /** Takes a snapshot; says whether it changed the list. */
  synchronized boolean replaceSchedules(SchedulesSnapshot snapshot) {
    boolean changed = replaceSchedules(snapshot.schedules());
    schedulesInForce = snapshot.inForce();
    return changed;
  }

  private boolean replaceSchedules(List<ScheduleStatus> all) {
    List<ScheduleStatus> sorted = all.stream().sorted(BY_ID).toList();
    if (schedules.filter(sorted::equals).isPresent()) {
      return false;
    }
    schedules = Optional.of(sorted);
    return true;
  }

  /** Takes one schedule; says whether it changed anything. */
  synchronized boolean putSchedule(ScheduleStatus changed) {
    SortedMap<ScheduleStatus, ScheduleStatus> merged = new TreeMap<>(BY_ID);
    schedules.ifPresent(held -> held.forEach(schedule -> merged.put(schedule, schedule)));
    merged.remove(changed);
    merged.put(changed, changed);
    return schedules.isPresent() && replaceSchedules(List.copyOf(merged.values()));
  }

  /** Takes the whole list; says whether it changed anything. */
  synchronized boolean replaceQueues(Collection<QueueStatus> all) {
    List<QueueStatus> sorted =
        all.stream().sorted(Comparator.comparing(QueueStatus::name)).toList();
    if (queues.filter(sorted::equals).isPresent()) {
      return false;
    }
    queues = Optional.of(sorted);
    return true;
  }

  /** Takes some queues; says whether they changed anything. */
  synchronized boolean putQueues(List<QueueStatus> changed) {
    SortedMap<String, QueueStatus> merged = new TreeMap<>();
    queues.ifPresent(held -> held.forEach(queue -> merged.put(queue.name(), queue)));
    changed.forEach(queue -> merged.put(queue.name(), queue));
    return queues.isPresent() && replaceQueues(merged.values());
  }
}
