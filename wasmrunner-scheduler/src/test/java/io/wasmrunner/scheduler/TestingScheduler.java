package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.DeliveriesPage;
import io.wasmrunner.bus.DeliveriesQuery;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.bus.QueuesQuery;
import io.wasmrunner.bus.QueuesSnapshot;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ScheduleCommand;
import io.wasmrunner.bus.ScheduleCommand.Action;
import io.wasmrunner.bus.ScheduleReply;
import io.wasmrunner.bus.SchedulesQuery;
import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.Payload;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.SystemEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A scheduler as the launcher deploys it, with its surroundings and a clock that stands still. */
final class TestingScheduler {
  /** Queue that shows when messages are taken. */
  static final String READY = "ready";

  static final RetryPolicy RETRY =
      new RetryPolicy(
          List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)),
          4,
          0,
          Duration.ofDays(3));

  final Vertx vertx = Vertx.vertx();
  final Bus bus = Bus.of(vertx);
  final TestingClock clock = new TestingClock();
  final TestingServices services = new TestingServices(vertx);
  final TestingInnerListener inner;
  final List<SystemEvent> events = new CopyOnWriteArrayList<>();
  SchedulerOptions options;
  private SchedulerVerticle verticle;
  private String deployment = "";

  TestingScheduler(Path folder) throws Exception {
    inner = new TestingInnerListener(vertx);
    options =
        SchedulerOptions.of(folder, inner.base(), TestingInnerListener.TOKEN, clock, new Random(42))
            .withRetry(RETRY)
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(2));
    bus.subscribe(
        BusAddress.EVENT_OCCURRED, EventOccurred.class, event -> events.add(event.event()));
  }

  TestingScheduler start() throws Exception {
    verticle = new SchedulerVerticle(options);
    deployment = get(vertx.deployVerticle(verticle));
    await()
        .ignoreExceptionsInstanceOf(RequestFailedException.class)
        .until(() -> publish(READY, "").messageCount() > 0);
    return this;
  }

  void quiesce() throws Exception {
    get(verticle.quiesce());
  }

  void stop() throws Exception {
    get(vertx.undeploy(deployment));
    deployment = "";
  }

  void restart() throws Exception {
    stop();
    start();
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(10));
  }

  static <T> T get(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  Future<PublishReply> publishing(String queue, String text) {
    return bus.request(
        BusAddress.QUEUES_PUBLISH,
        new PublishCommand(
            queue, "application/json", Payload.of(text.getBytes(StandardCharsets.UTF_8))),
        PublishReply.class);
  }

  PublishReply publish(String queue, String text) throws Exception {
    return get(publishing(queue, text));
  }

  QueueStatus queue(String name) throws Exception {
    return queues().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  List<QueueStatus> queues() throws Exception {
    return get(bus.request(BusAddress.QUEUES_LIST, new QueuesQuery(), QueuesSnapshot.class))
        .queues();
  }

  List<DeliveryStatus> deliveries(String queue) throws Exception {
    return get(bus.request(
            BusAddress.DELIVERIES_LIST,
            new DeliveriesQuery(queue, Optional.empty(), 1_000),
            DeliveriesPage.class))
        .deliveries();
  }

  DeliveryStatus delivery(String queue) throws Exception {
    List<DeliveryStatus> all = deliveries(queue);
    if (all.size() != 1) {
      throw new AssertionError("expected one delivery, got " + all);
    }
    return all.get(0);
  }

  List<ScheduleStatus> schedules() throws Exception {
    return snapshot().schedules();
  }

  SchedulesSnapshot snapshot() throws Exception {
    return get(
        bus.request(BusAddress.SCHEDULES_LIST, new SchedulesQuery(), SchedulesSnapshot.class));
  }

  ScheduleStatus schedule(String service) throws Exception {
    return schedules().stream()
        .filter(each -> each.service().equals(service))
        .findFirst()
        .orElseThrow();
  }

  Future<ScheduleReply> commanding(String service, int index, Action action) {
    return bus.request(
        BusAddress.SCHEDULES_CONTROL,
        new ScheduleCommand(service, index, action),
        ScheduleReply.class);
  }

  ScheduleStatus command(String service, int index, Action action) throws Exception {
    return get(commanding(service, index, action)).schedule();
  }

  List<SystemEvent> events(String kind) {
    return events.stream().filter(each -> each.kind().equals(kind)).toList();
  }

  /** Lets at least one tick pass, for tests that expect nothing to happen. */
  void settle() throws Exception {
    Promise<Void> passed = Promise.promise();
    vertx.setTimer(350, fired -> passed.complete());
    get(passed.future());
  }

  void close() throws Exception {
    if (!deployment.isEmpty()) {
      stop();
    }
    get(vertx.close());
  }
}
