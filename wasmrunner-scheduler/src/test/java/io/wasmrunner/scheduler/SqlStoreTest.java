package io.wasmrunner.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.DeliveryStatus.State;
import io.wasmrunner.model.Payload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlStoreTest {
  private static final Instant NOW = TestingClock.START;
  private static final Instant LATER = NOW.plus(Duration.ofDays(1));

  @TempDir Path folder;
  private SqlStore store;
  private Subscription subscription;
  private int ids;

  @BeforeEach
  void open() {
    open(1L << 30);
  }

  private void open(long maxBytes) {
    store = SqlStore.open(folder, maxBytes, new TestingClock());
    subscription =
        join(store.subscribe(Set.of(new Subscription.Key("queue", "service", "/path")))).get(0);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void everyCommitReachesTheDisk() throws Exception {
    try (SqlSession sql =
        new SqlSession(new SqliteDialect(folder.resolve("new.db"), 1 << 20).writer())) {
      assertThat(sql.number("PRAGMA synchronous")).as("FULL").isEqualTo(2);
      assertThat(sql.query("PRAGMA journal_mode", row -> row.getString(1))).containsExactly("wal");
    }
  }

  @Test
  void acknowledgementComesAfterTheCommit() {
    // The callback runs before the writer goes on, so another connection sees just what is there.
    List<CompletionStage<Long>> seen = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      seen.add(
          store
              .publish(message("x"), List.of(subscription))
              .thenApply(count -> countFromOutside() - count));
    }

    seen.forEach(each -> assertThat(join(each)).isNotNegative());
  }

  private long countFromOutside() {
    SqliteDialect dialect = new SqliteDialect(folder.resolve("wasmrunner.db"), 1 << 20);
    try (SqlSession sql = new SqlSession(dialect.reader())) {
      return sql.number("SELECT COUNT(*) FROM message");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void bodyGoesOnceEverySubscriberHasIt() throws Exception {
    List<Subscription> both =
        join(
            store.subscribe(
                Set.of(
                    new Subscription.Key("queue", "one", "/"),
                    new Subscription.Key("queue", "two", "/"))));
    String secret = "a body to look for ".repeat(500);
    join(store.publish(message(secret), both));
    settleAll(both.get(0), new Settlement.Delivered(200));
    assertThat(claimOne(both.get(1)).body().size()).isEqualTo(secret.length());
    join(store.recover(LATER));
    settleAll(both.get(1), new Settlement.Delivered(200));

    join(store.publish(message("the next one"), both));
    assertThat(claimOne(both.get(0)).body().size()).isEqualTo(12);
    assertThat(deliveries()).hasSize(4);
  }

  @Test
  void whatWasUnderWayWaitsAgainAfterACrash() {
    publish("x");
    assertThat(claimOne(subscription).attempt()).isEqualTo(1);
    assertThat(join(store.claim(subscription, LATER, 10)).deliveries()).isEmpty();
    store.close();
    open(1L << 30);

    StoreContents contents = join(store.recover(LATER));

    assertThat(contents.queues())
        .singleElement()
        .satisfies(queue -> assertThat(queue.pending()).isEqualTo(1));
    assertThat(claimOne(subscription).attempt()).isEqualTo(2);
  }

  @Test
  void deliveryDueFarAwayComesNearerWhenTheClockWasSetBack() {
    publish("x");
    Claim.Delivery delivery = claimOne(subscription);
    Instant wrong = NOW.plus(Duration.ofDays(4_000));
    join(store.settle(delivery.id(), new Settlement.Retry(500, "no", wrong), NOW));

    join(store.recover(LATER));

    assertThat(join(store.claim(subscription, NOW, 1)).nextDue()).hasValue(LATER);
  }

  @Test
  void earliestDueComesFirst() {
    publish("1");
    publish("2");
    publish("3");
    Claim.Delivery first = claimOne(subscription);
    join(store.settle(first.id(), new Settlement.Retry(500, "no", NOW.plusSeconds(60)), NOW));

    Claim claim = join(store.claim(subscription, LATER, 10));

    assertThat(claim.deliveries()).extracting(each -> text(each)).containsExactly("2", "3", "1");
    assertThat(claim.nextDue()).isEmpty();
  }

  @Test
  void fullStoreRefusesWholeMessagesAndGoesOnWhenThereIsRoom() {
    store.close();
    open(256 * 1024);
    int accepted = 0;
    StoreException refusal = null;
    while (refusal == null && accepted < 1_000) {
      try {
        publish("x".repeat(4_000));
        accepted++;
      } catch (CompletionException e) {
        refusal = (StoreException) e.getCause();
      }
    }

    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo("WR-4101");
    assertThat(accepted).as("within the bound").isBetween(5, 64);
    assertThat(deliveries()).hasSize(accepted);
    assertThat(join(store.recover(LATER)).queues().get(0).published()).isEqualTo(accepted);
    settleAll(subscription, new Settlement.Delivered(200));
    publish("there is room again");
  }

  @Test
  void diskWithoutRoomFailsTheWriteAndNothingElse() throws Exception {
    SqliteDialect dialect = new SqliteDialect(folder.resolve("small.db"), 1 << 20);
    SqlSession sql = new SqlSession(dialect.writer());
    sql.execute("CREATE TABLE thing (text TEXT)");
    sql.execute("PRAGMA max_page_count = 16");
    StoreWriter writer = new StoreWriter(sql, dialect);
    try {
      List<CompletionStage<Integer>> writes = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String text = i == 10 ? "x".repeat(200_000) : "small";
        writes.add(writer.submit(session -> session.update("INSERT INTO thing VALUES (?)", text)));
      }

      assertThatThrownBy(() -> join(writes.get(10)))
          .hasCauseInstanceOf(StoreException.class)
          .satisfies(
              thrown ->
                  assertThat(((StoreException) thrown.getCause()).explain()).startsWith("WR-4101"));
      writes.remove(10);
      writes.forEach(write -> assertThat(join(write)).isEqualTo(1));
      long kept = join(writer.submit(session -> session.number("SELECT COUNT(*) FROM thing")));
      assertThat(kept).isEqualTo(19);
    } finally {
      writer.close();
      sql.close();
    }
  }

  @Test
  void writesThatWaitShareACommit() throws Exception {
    SqliteDialect dialect = new SqliteDialect(folder.resolve("group.db"), 1 << 20);
    SqlSession sql = new SqlSession(dialect.writer());
    sql.execute("CREATE TABLE thing (text TEXT)");
    StoreWriter writer = new StoreWriter(sql, dialect);
    try {
      List<CompletionStage<Integer>> writes = new ArrayList<>();
      CountDownLatch open = new CountDownLatch(1);
      writes.add(writer.submit(session -> awaitThen(open)));
      for (int i = 0; i < 200; i++) {
        writes.add(writer.submit(session -> session.update("INSERT INTO thing VALUES ('x')")));
      }
      open.countDown();
      writes.forEach(SqlStoreTest::join);
    } finally {
      writer.close();
    }
    // Every commit adds one frame per page; 200 commits would have written 200 frames.
    long frames = Files.size(folder.resolve("group.db-wal")) / 4_120;
    assertThat(frames).isLessThan(100);
    sql.close();
  }

  @Test
  void writesAfterTheCloseFailAndThoseBeforeAreKept() {
    List<CompletionStage<Long>> before = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      before.add(store.publish(message("x"), List.of(subscription)));
    }
    store.close();

    before.forEach(each -> assertThat(join(each)).isPositive());
    assertThatThrownBy(() -> publish("y"))
        .hasCauseInstanceOf(StoreException.class)
        .hasMessageContaining("stopping");
    open(1L << 30);
    assertThat(deliveries()).hasSize(100);
  }

  @Test
  void recordsBeyondTheBoundsAreDroppedOldestFirst() {
    for (int i = 0; i < 10; i++) {
      publish("delivered");
    }
    settleAll(subscription, new Settlement.Delivered(200));
    for (int i = 0; i < 10; i++) {
      publish("dead");
    }
    settleAll(subscription, new Settlement.Dead(410, "gone"));
    publish("waits");
    SchedulerLimits limits = new SchedulerLimits(1, 1, 1, 1, 1, 1, 4, Duration.ofHours(1), 3);

    Pruned pruned = join(store.prune(limits, NOW.minusSeconds(1), NOW.minusSeconds(1)));

    assertThat(pruned.dead()).containsEntry("queue", 7);
    assertThat(deliveries())
        .extracting(DeliveryStatus::state)
        .containsExactly(
            State.PENDING,
            State.DEAD,
            State.DEAD,
            State.DEAD,
            State.DELIVERED,
            State.DELIVERED,
            State.DELIVERED,
            State.DELIVERED);
    assertThat(deliveries().get(1).messageId()).isEqualTo("message-20");

    join(store.prune(limits, NOW.plusSeconds(1), NOW.minusSeconds(1)));
    assertThat(deliveries()).extracting(DeliveryStatus::state).doesNotContain(State.DELIVERED);
  }

  @Test
  void unusedQueuesAreForgotten() {
    join(store.publish(message("other", "x"), List.of()));

    assertThat(join(store.prune(SchedulerLimits.DEFAULT, NOW, NOW)).queues()).isEmpty();
    assertThat(join(store.prune(SchedulerLimits.DEFAULT, NOW, LATER)).queues())
        .containsExactly("other");
  }

  @Test
  void onlyWhatIsTooOldIsGivenUp() {
    publish("old");
    join(
        store.publish(
            new NewMessage("young", "queue", "text/plain", body("y"), LATER),
            List.of(subscription)));

    assertThat(join(store.expire(LATER, LATER))).containsExactly(subscription.key());
    assertThat(deliveries())
        .extracting(DeliveryStatus::state)
        .containsExactly(State.PENDING, State.DEAD);
    assertThat(deliveries().get(1).lastError()).isEqualTo("too old; never sent");
  }

  private static int awaitThen(CountDownLatch open) {
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return 0;
  }

  private void publish(String text) {
    join(store.publish(message(text), List.of(subscription)));
  }

  private NewMessage message(String text) {
    return message("queue", text);
  }

  private NewMessage message(String queue, String text) {
    return new NewMessage("message-" + ++ids, queue, "text/plain", body(text), NOW);
  }

  private Claim.Delivery claimOne(Subscription from) {
    return join(store.claim(from, NOW, 1)).deliveries().get(0);
  }

  private void settleAll(Subscription from, Settlement settlement) {
    join(store.claim(from, LATER, 1_000))
        .deliveries()
        .forEach(each -> join(store.settle(each.id(), settlement, NOW)));
  }

  private List<DeliveryStatus> deliveries() {
    return join(store.deliveries("queue", Optional.empty(), 1_000));
  }

  private static Payload body(String text) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Claim.Delivery delivery) {
    return new String(delivery.body().toByteArray(), StandardCharsets.UTF_8);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
