package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingScheduler.await;
import static io.wasmrunner.scheduler.TestingScheduler.get;
import static io.wasmrunner.scheduler.TestingServices.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.bus.QueuesSnapshot;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.DeliveryStatus.State;
import io.wasmrunner.model.Payload;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.scheduler.TestingInnerListener.Received;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueuesTest {
  private static final String QUEUE = "orders.created";
  private static final String LISTENER = "/billing/events/order";

  @TempDir Path folder;
  private TestingScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    scheduler = new TestingScheduler(folder);
    scheduler.services.put(billing());
    scheduler.start();
  }

  @AfterEach
  void close() throws Exception {
    scheduler.close();
  }

  private static TestingServices.Spec billing() {
    return service("billing").listen(QUEUE, "/events/order");
  }

  @Test
  void subscriberGetsTheSameBytesWithWhereTheyComeFrom() throws Exception {
    byte[] bytes = {0, (byte) 0xff, '\r', '\n', 'x'};
    PublishReply reply =
        get(
            scheduler.bus.request(
                BusAddress.QUEUES_PUBLISH,
                new PublishCommand(QUEUE, "application/x-thing; v=1", Payload.of(bytes)),
                PublishReply.class));

    Received request = awaitRequests(1).get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.body()).isEqualTo(Payload.of(bytes));
    assertThat(request.header("Content-Type")).isEqualTo("application/x-thing; v=1");
    assertThat(request.header("X-Rustrunner-Queue")).isEqualTo(QUEUE);
    assertThat(request.header("WR-Message-Id")).isEqualTo(reply.messageId());
    assertThat(request.header("WR-Delivery-Attempt")).isEqualTo("1");
    assertThat(reply.subscribers()).isEqualTo(1);
    assertThat(reply.messageCount()).isEqualTo(1);
    awaitState(State.DELIVERED);
  }

  @Test
  void everySubscriberGetsEveryMessage() throws Exception {
    scheduler.services.put(service("audit").listen(QUEUE, "/log"));
    await().until(() -> scheduler.queue(QUEUE).subscribers().size() == 2);

    assertThat(scheduler.publish(QUEUE, "1").subscribers()).isEqualTo(2);
    assertThat(scheduler.publish(QUEUE, "2").messageCount()).isEqualTo(2);

    await().until(() -> scheduler.queue(QUEUE).delivered() == 4);
    assertThat(scheduler.inner.received("/audit/log"))
        .extracting(Received::text)
        .contains("1", "2");
    assertThat(scheduler.inner.received(LISTENER)).extracting(Received::text).contains("1", "2");
    assertThat(scheduler.queue(QUEUE).subscribers())
        .containsExactlyInAnyOrder("billing/events/order", "audit/log");
  }

  @Test
  void messageWithoutSubscriberIsCountedOnly() throws Exception {
    assertThat(scheduler.publish("nobody/listens", "x").subscribers()).isZero();
    assertThat(scheduler.publish("nobody/listens", "x").messageCount()).isEqualTo(2);

    scheduler.services.put(service("late").listen("nobody/listens", "/in"));
    await().until(() -> scheduler.queue("nobody/listens").subscribers().size() == 1);
    scheduler.publish("nobody/listens", "y");

    await().until(() -> scheduler.queue("nobody/listens").delivered() == 1);
    assertThat(scheduler.inner.received("/late/in"))
        .extracting(Received::text)
        .containsExactly("y");
    assertThat(scheduler.queue("nobody/listens").published()).isEqualTo(3);
  }

  @Test
  void fullQueueRefusesAndLosesNothing() throws Exception {
    scheduler.options = scheduler.options.withLimits(limits(3, 1_000));
    scheduler.restart();
    scheduler.services.put(billing().state(ServiceState.DOWN));
    scheduler.settle();
    for (int i = 0; i < 3; i++) {
      scheduler.publish(QUEUE, "x" + i);
    }

    assertRefused(QUEUE, Reason.FULL, "WR-4204");
    assertThat(scheduler.queue(QUEUE).published()).isEqualTo(3);
    scheduler.services.put(billing());
    await().until(() -> scheduler.queue(QUEUE).delivered() == 3);
    assertThat(scheduler.publish(QUEUE, "y").messageCount()).isEqualTo(4);
  }

  @Test
  void tooManyQueuesRefuseOnlyNewNames() throws Exception {
    scheduler.options = scheduler.options.withLimits(limits(100, 3));
    scheduler.restart();
    scheduler.publish("third", "x");

    assertRefused("fourth", Reason.FULL, "WR-4205");
    assertThat(scheduler.publish("third", "x").messageCount()).isEqualTo(2);
    scheduler.services.put(billing().listen("fifth", "/fifth"));
    await().until(() -> scheduler.queues().stream().anyMatch(each -> each.name().equals("fifth")));
    assertThat(scheduler.publish("fifth", "x").subscribers()).isEqualTo(1);
  }

  @Test
  void tooLargeMessageIsRefused() {
    assertThatThrownBy(() -> scheduler.publish(QUEUE, "x".repeat((1 << 20) + 1)))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
              assertThat(failure.code()).isEqualTo("WR-4203");
              assertThat(failure).hasMessageContaining("1,048,577");
            });
  }

  @Test
  void largestMessageArrives() throws Exception {
    scheduler.publish(QUEUE, "x".repeat(1 << 20));
    assertThat(awaitRequests(1).get(0).body().size()).isEqualTo(1 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a b", "a\r\nb", "a\u0000", "a\u200bb", "a\u202eb", "\ud800"})
  void namesThatCannotBeSeenAreRefused(String name) {
    assertRefused(name, Reason.INVALID, "WR-4201");
  }

  @Test
  void longNameIsRefused() {
    assertRefused("x".repeat(256), Reason.INVALID, "WR-4201");
  }

  @Test
  void nameInAnyLanguageReachesTheSubscriber() throws Exception {
    scheduler.services.put(service("es").listen("facturación/ñ", "/in"));
    await().until(() -> scheduler.queues().size() > 2);
    scheduler.publish("  facturación/ñ ", "x");

    await().until(() -> scheduler.inner.received("/es/in").size() == 1);
    assertThat(scheduler.inner.received("/es/in").get(0).header("X-Rustrunner-Queue"))
        .isEqualTo("facturaci%C3%B3n/%C3%B1");
  }

  @Test
  void contentTypeCannotSmuggleAHeader() {
    assertThatThrownBy(
            () ->
                get(
                    scheduler.bus.request(
                        BusAddress.QUEUES_PUBLISH,
                        new PublishCommand(
                            QUEUE, "text/plain\r\nX-Evil: 1", Payload.of(new byte[0])),
                        PublishReply.class)))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> assertThat(failure.code()).isEqualTo("WR-4202"));
  }

  @Test
  void changesAreToldTogether() throws Exception {
    List<QueuesSnapshot> told = new CopyOnWriteArrayList<>();
    scheduler.bus.subscribe(BusAddress.QUEUES_CHANGED, QueuesSnapshot.class, told::add);
    List<Future<PublishReply>> replies = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      replies.add(scheduler.publishing(QUEUE, "x"));
    }
    get(Future.all(replies));

    await()
        .until(
            () ->
                told.stream()
                    .flatMap(each -> each.queues().stream())
                    .anyMatch(each -> each.delivered() == 50));
    assertThat(told).hasSizeLessThan(25);
  }

  @Test
  void unknownQueueIsNotFound() {
    assertThatThrownBy(() -> scheduler.deliveries("never.seen"))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND));
  }

  @Test
  void tokenIsNotTold() {
    assertThat(scheduler.options.toString()).doesNotContain(TestingInnerListener.TOKEN);
  }

  @Test
  void fullStoreIsSaidOnceAndTakesMessagesAgainLater() throws Exception {
    SchedulerLimits usual = SchedulerLimits.DEFAULT;
    scheduler.options =
        scheduler.options.withLimits(
            new SchedulerLimits(
                usual.maxPayloadBytes(),
                usual.maxPendingPerQueue(),
                usual.maxQueues(),
                256 * 1024,
                usual.deliveryConcurrency(),
                usual.perSubscriber(),
                usual.keptDelivered(),
                usual.keptDeliveredFor(),
                usual.keptDead()));
    scheduler.restart();
    scheduler.services.put(billing().state(ServiceState.DOWN));
    scheduler.settle();
    await()
        .ignoreExceptions()
        .until(
            () -> {
              assertRefused(QUEUE, "x".repeat(50_000), Reason.UNAVAILABLE, "WR-4101");
              return true;
            });
    assertRefused(QUEUE, "x".repeat(50_000), Reason.UNAVAILABLE, "WR-4101");
    assertThat(scheduler.events("store.failed")).hasSize(1);
    long accepted = scheduler.queue(QUEUE).published();
    assertThat(scheduler.queue(QUEUE).pending()).isEqualTo(accepted).isPositive();

    scheduler.services.put(billing());
    await().until(() -> scheduler.queue(QUEUE).delivered() == accepted);
    assertThat(scheduler.publish(QUEUE, "room again").messageCount()).isEqualTo(accepted + 1);
    await().until(() -> scheduler.events("store.recovered").size() == 1);
  }

  private static SchedulerLimits limits(int pending, int queues) {
    SchedulerLimits usual = SchedulerLimits.DEFAULT;
    return new SchedulerLimits(
        usual.maxPayloadBytes(),
        pending,
        queues,
        usual.maxStoreBytes(),
        usual.deliveryConcurrency(),
        usual.perSubscriber(),
        usual.keptDelivered(),
        usual.keptDeliveredFor(),
        usual.keptDead());
  }

  private void assertRefused(String queue, Reason reason, String code) {
    assertRefused(queue, "x", reason, code);
  }

  private void assertRefused(String queue, String text, Reason reason, String code) {
    assertThatThrownBy(() -> scheduler.publish(queue, text))
        .isInstanceOfSatisfying(
            RequestFailedException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(code);
              assertThat(failure.reason()).isEqualTo(reason);
              assertThat(failure.advice()).isNotBlank();
            });
  }

  private List<Received> awaitRequests(int count) {
    await().until(() -> scheduler.inner.received(LISTENER).size() >= count);
    return scheduler.inner.received(LISTENER);
  }

  private void awaitState(State state) {
    await().until(() -> scheduler.delivery(QUEUE).state() == state);
  }
}
