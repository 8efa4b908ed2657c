package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingScheduler.await;
import static io.wasmrunner.scheduler.TestingServices.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.DeliveryStatus.State;
import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.scheduler.TestingInnerListener.Answer;
import io.wasmrunner.scheduler.TestingInnerListener.Received;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeliveriesTest {
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
  void failedDeliveryIsTriedAgainAfterEachPause() throws Exception {
    scheduler.inner.answer(LISTENER, 500);
    scheduler.publish(QUEUE, "x");
    awaitAttempts(1);
    assertThat(scheduler.delivery(QUEUE))
        .satisfies(
            delivery -> {
              assertThat(delivery.lastStatus()).isEqualTo(500);
              assertThat(delivery.lastError()).isEqualTo("the service answered HTTP 500");
              assertThat(delivery.nextAttemptAt())
                  .hasValue(scheduler.clock.instant().plusSeconds(1));
            });

    scheduler.clock.advance(Duration.ofMillis(999));
    scheduler.settle();
    assertThat(scheduler.inner.received(LISTENER)).hasSize(1);
    scheduler.clock.advance(Duration.ofMillis(1));
    awaitAttempts(2);
    assertThat(scheduler.delivery(QUEUE).nextAttemptAt())
        .hasValue(scheduler.clock.instant().plusSeconds(5));

    scheduler.inner.answer(LISTENER, 204);
    scheduler.clock.advance(Duration.ofSeconds(5));
    awaitState(State.DELIVERED);
    assertThat(scheduler.inner.received(LISTENER))
        .extracting(request -> request.header("WR-Delivery-Attempt"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void retriesGoOnAfterARestart() throws Exception {
    scheduler.inner.answer(LISTENER, 500);
    scheduler.publish(QUEUE, "x");
    awaitAttempts(1);

    scheduler.restart();
    scheduler.settle();
    assertThat(scheduler.inner.received(LISTENER)).hasSize(1);
    scheduler.inner.answer(LISTENER, 200);
    scheduler.clock.advance(Duration.ofSeconds(1));

    awaitState(State.DELIVERED);
    assertThat(awaitRequests(2).get(1).header("WR-Delivery-Attempt")).isEqualTo("2");
    assertThat(scheduler.queue(QUEUE).published()).isEqualTo(1);
  }

  @Test
  void deliveryIsDeadAfterTheLastAttempt() throws Exception {
    scheduler.inner.answer(LISTENER, 500);
    scheduler.publish(QUEUE, "x");
    for (int attempt = 1; attempt < 4; attempt++) {
      awaitAttempts(attempt);
      scheduler.clock.advance(Duration.ofSeconds(30));
    }

    awaitState(State.DEAD);
    assertThat(scheduler.delivery(QUEUE).attempts()).isEqualTo(4);
    assertThat(scheduler.delivery(QUEUE).lastError()).contains("HTTP 500", "4 attempts");
    assertThat(scheduler.queue(QUEUE).dead()).isEqualTo(1);
    await().until(() -> scheduler.events("delivery.dead").size() == 1);
    assertThat(scheduler.events("delivery.dead").get(0).message())
        .contains(QUEUE, "billing/events/order", "HTTP 500");
    scheduler.restart();
    assertThat(scheduler.queue(QUEUE).dead()).isEqualTo(1);
  }

  @Test
  void goneEndsADeliveryAtOnce() throws Exception {
    scheduler.inner.answer(LISTENER, 410);
    scheduler.publish(QUEUE, "x");

    awaitState(State.DEAD);
    assertThat(scheduler.delivery(QUEUE).lastStatus()).isEqualTo(410);
  }

  @Test
  void answerThatNeverComesIsAFailedAttempt() throws Exception {
    scheduler.options =
        scheduler.options.withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(1));
    scheduler.restart();
    scheduler.inner.answer(LISTENER, request -> Promise.<Answer>promise().future());
    scheduler.publish(QUEUE, "x");

    awaitAttempts(1);
    assertThat(scheduler.delivery(QUEUE).lastError()).isEqualTo("no answer within 200 ms");
  }

  @Test
  void connectionThatBreaksIsAFailedAttempt() throws Exception {
    scheduler.inner.answer(LISTENER, request -> Future.failedFuture("break it"));
    scheduler.publish(QUEUE, "x");

    awaitAttempts(1);
    assertThat(scheduler.delivery(QUEUE).lastError()).contains("connection broke");
  }

  @Test
  void missingRunnerCostsNoAttempt() throws Exception {
    scheduler.inner.answer(
        LISTENER, request -> Future.succeededFuture(Answer.ofTheProxy(503, "WR-3004")));
    scheduler.publish(QUEUE, "x");
    await().until(() -> scheduler.delivery(QUEUE).lastError().contains("WR-3004"));
    assertThat(scheduler.delivery(QUEUE).attempts()).isZero();
    int before = scheduler.inner.received(LISTENER).size();

    for (int i = 0; i < 10; i++) {
      scheduler.clock.advance(Duration.ofMinutes(1));
      int seen = before;
      await().until(() -> scheduler.inner.received(LISTENER).size() > seen);
      await().until(() -> scheduler.delivery(QUEUE).attempts() == 0);
      before = scheduler.inner.received(LISTENER).size();
    }
    scheduler.inner.answer(LISTENER, 200);
    scheduler.clock.advance(Duration.ofMinutes(1));

    awaitState(State.DELIVERED);
    assertThat(scheduler.delivery(QUEUE).attempts()).isEqualTo(1);
  }

  @Test
  void unavailableSaidByTheServiceItselfIsAnAttempt() throws Exception {
    scheduler.inner.answer(LISTENER, 503);
    scheduler.publish(QUEUE, "x");

    awaitAttempts(1);
    assertThat(scheduler.delivery(QUEUE).lastStatus()).isEqualTo(503);
  }

  @Test
  void messagesWaitForAServiceThatIsDown() throws Exception {
    scheduler.services.put(billing().state(ServiceState.DOWN));
    PublishReply reply = scheduler.publish(QUEUE, "x");
    scheduler.settle();
    assertThat(reply.subscribers()).isEqualTo(1);
    assertThat(scheduler.inner.received(LISTENER)).isEmpty();

    scheduler.services.put(billing());
    awaitState(State.DELIVERED);
    assertThat(scheduler.delivery(QUEUE).attempts()).isEqualTo(1);
  }

  @Test
  void serviceWithWrongFilesStillGetsItsMessagesLater() throws Exception {
    scheduler.services.put(billing().state(ServiceState.INVALID));
    scheduler.settle();
    scheduler.restart();

    assertThat(scheduler.publish(QUEUE, "x").subscribers()).isEqualTo(1);
    scheduler.services.put(billing());
    awaitState(State.DELIVERED);
  }

  @Test
  void removedServiceGetsNothingMore() throws Exception {
    scheduler.services.remove("billing");
    await().until(() -> scheduler.publish(QUEUE, "x").subscribers() == 0);
  }

  @Test
  void deliveryCutOffByAStopIsSentAgain() throws Exception {
    scheduler.options =
        scheduler.options.withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(100));
    scheduler.restart();
    scheduler.inner.answer(LISTENER, request -> Promise.<Answer>promise().future());
    scheduler.publish(QUEUE, "x");
    awaitRequests(1);

    scheduler.stop();
    scheduler.inner.answer(LISTENER, 200);
    scheduler.start();
    scheduler.clock.advance(Duration.ofSeconds(2));
    awaitState(State.DELIVERED);
  }

  @Test
  void stopWaitsForADeliveryUnderWay() throws Exception {
    Promise<Answer> answer = Promise.promise();
    scheduler.inner.answer(LISTENER, request -> answer.future());
    scheduler.publish(QUEUE, "x");
    awaitRequests(1);

    scheduler.vertx.setTimer(300, fired -> answer.complete(Answer.status(200)));
    scheduler.restart();

    assertThat(scheduler.queue(QUEUE).delivered()).isEqualTo(1);
    assertThat(scheduler.inner.received(LISTENER)).hasSize(1);
  }

  @Test
  void noMoreThanSoManyGoToOneServiceAtOnce() throws Exception {
    Promise<Answer> answer = Promise.promise();
    scheduler.inner.answer(LISTENER, request -> answer.future());
    for (int i = 0; i < 10; i++) {
      scheduler.publish(QUEUE, "x" + i);
    }

    awaitRequests(4);
    scheduler.settle();
    assertThat(scheduler.inner.received(LISTENER))
        .extracting(Received::text)
        .containsExactlyInAnyOrder("x0", "x1", "x2", "x3");
    QueueStatus busy = scheduler.queue(QUEUE);
    assertThat(busy.inFlight()).isEqualTo(4);
    assertThat(busy.pending()).isEqualTo(6);
    answer.complete(Answer.status(200));
    await().until(() -> scheduler.queue(QUEUE).delivered() == 10);
  }

  @Test
  void connectionThatNoRunnerTookCostsNoAttempt() throws Exception {
    scheduler.inner.answer(
        LISTENER, request -> Future.succeededFuture(Answer.ofTheProxy(502, "WR-3301")));
    scheduler.publish(QUEUE, "x");

    await().until(() -> scheduler.delivery(QUEUE).lastError().contains("WR-3301"));
    assertThat(scheduler.delivery(QUEUE).attempts()).isZero();
  }

  @Test
  void messageThatBreaksTheRunnerIsGivenUpInTheEnd() throws Exception {
    scheduler.inner.answer(
        LISTENER, request -> Future.succeededFuture(Answer.ofTheProxy(502, "WR-3302")));
    scheduler.publish(QUEUE, "x");

    awaitAttempts(1);
    assertThat(scheduler.delivery(QUEUE).lastError()).contains("WR-3302", "said by the proxy");
  }

  @Test
  void problemPassedOnByTheServiceIsItsOwnAnswer() throws Exception {
    Answer problem = Answer.ofTheProxy(503, "WR-3201");
    scheduler.inner.answer(
        LISTENER,
        request ->
            Future.succeededFuture(
                new Answer(
                    503,
                    Map.of(
                        "Content-Type",
                        "application/problem+json",
                        "X-Wasmrunner-Runner",
                        "billing/0"),
                    problem.body())));
    scheduler.publish(QUEUE, "x");

    awaitAttempts(1);
  }

  @Test
  void endThatCannotBeWrittenDownIsNotForgotten() throws Exception {
    Promise<Answer> answer = Promise.promise();
    scheduler.inner.answer(LISTENER, request -> answer.future());
    scheduler.publish(QUEUE, "x");
    awaitRequests(1);
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("wasmrunner.db"));
        var statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      answer.complete(Answer.status(200));
      await().until(() -> scheduler.events("store.failed").size() == 1);
      assertThat(scheduler.queue(QUEUE).inFlight()).isEqualTo(1);
      statement.execute("ROLLBACK");
    }
    scheduler.clock.advance(Duration.ofSeconds(2));

    awaitState(State.DELIVERED);
    assertThat(scheduler.inner.received(LISTENER)).hasSize(1);
    await().until(() -> scheduler.events("store.recovered").size() == 1);
  }

  @Test
  void hangingServiceLeavesRoomForTheOthers() throws Exception {
    scheduler.services.put(service("audit").listen("audit", "/log"));
    await().until(() -> scheduler.queues().stream().anyMatch(each -> each.name().equals("audit")));
    scheduler.inner.answer(LISTENER, request -> Promise.<Answer>promise().future());
    for (int i = 0; i < 30; i++) {
      scheduler.publish(QUEUE, "x");
    }
    scheduler.publish("audit", "x");

    await().until(() -> scheduler.queue("audit").delivered() == 1);
  }

  private List<Received> awaitRequests(int count) {
    await().until(() -> scheduler.inner.received(LISTENER).size() >= count);
    return scheduler.inner.received(LISTENER);
  }

  private void awaitAttempts(int count) {
    await()
        .until(
            () -> {
              DeliveryStatus delivery = scheduler.delivery(QUEUE);
              return delivery.attempts() == count && delivery.state() == State.PENDING;
            });
  }

  private void awaitState(State state) {
    await().until(() -> scheduler.delivery(QUEUE).state() == state);
  }
}
