package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingScheduler.await;
import static io.wasmrunner.scheduler.TestingScheduler.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsPage.Kept;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happened is kept in the store. */
final class EventLogTest {
  private static final EventsQuery ALL =
      new EventsQuery(Severity.INFO, Optional.empty(), Long.MAX_VALUE, 1_000);

  @TempDir Path folder;
  private TestingScheduler scheduler;

  @BeforeEach
  void prepare() throws Exception {
    scheduler = new TestingScheduler(folder);
  }

  @AfterEach
  void close() throws Exception {
    scheduler.close();
  }

  @Test
  void everyFieldSurvivesARestart() throws Exception {
    scheduler.start();
    SystemEvent whole =
        event(Severity.ERROR, Optional.of("orders"), Optional.of(2), "it’s “broken”");
    SystemEvent bare = event(Severity.INFO, Optional.empty(), Optional.empty(), "nothing special");
    announce(whole, bare);
    scheduler.restart();

    assertThat(list(ALL)).extracting(Kept::event).containsExactly(bare, whole);
    announce(event("after"));
    assertThat(list(ALL).get(0).sequence()).isGreaterThan(list(ALL).get(1).sequence());
  }

  @Test
  void filtersAndPages() throws Exception {
    scheduler.start();
    announce(
        event(Severity.INFO, Optional.of("a"), Optional.empty(), "1"),
        event(Severity.WARNING, Optional.of("b"), Optional.empty(), "2"),
        event(Severity.ERROR, Optional.of("a"), Optional.empty(), "3"),
        event(Severity.WARNING, Optional.empty(), Optional.empty(), "4"));

    assertThat(messages(new EventsQuery(Severity.WARNING, Optional.empty(), Long.MAX_VALUE, 9)))
        .containsExactly("4", "3", "2");
    assertThat(messages(new EventsQuery(Severity.INFO, Optional.of("a"), Long.MAX_VALUE, 9)))
        .containsExactly("3", "1");
    List<Kept> newest = list(new EventsQuery(Severity.INFO, Optional.empty(), Long.MAX_VALUE, 2));
    assertThat(newest).extracting(kept -> kept.event().message()).containsExactly("4", "3");
    assertThat(
            messages(new EventsQuery(Severity.INFO, Optional.empty(), newest.get(1).sequence(), 2)))
        .containsExactly("2", "1");
  }

  @Test
  void whatHappenedBeforeTheSchedulerIsKeptToo() throws Exception {
    EventInbox inbox = EventInbox.of(scheduler.vertx);
    announce(event("early"));
    await().until(() -> inbox.size() == 1);

    get(scheduler.vertx.deployVerticle(new SchedulerVerticle(scheduler.options, inbox)));

    await().untilAsserted(() -> assertThat(messages(ALL)).containsExactly("early"));
  }

  @Test
  void onlyTheNewestAreKept() throws Exception {
    try (SqlStore store = SqlStore.open(folder, 1L << 30, new TestingClock())) {
      for (int i = 0; i < 3; i++) {
        int first = i * 200;
        store
            .keep(
                IntStream.range(first, first + 200)
                    .mapToObj(number -> event(Integer.toString(number)))
                    .toList(),
                100)
            .toCompletableFuture()
            .join();
      }
      List<Kept> kept = store.events(ALL).toCompletableFuture().join();

      assertThat(kept).hasSize(100);
      assertThat(kept.get(0).event().message()).isEqualTo("599");
      assertThat(kept.get(99).event().message()).isEqualTo("500");
    }
  }

  @Test
  void ofALongMessageTheBeginningIsKept() throws Exception {
    scheduler.start();
    announce(event("x".repeat(1 << 20)));

    assertThat(messages(ALL)).containsExactly("x".repeat(EventInbox.LONGEST_MESSAGE) + "…");
  }

  @Test
  void aDatabaseOfTheVersionBeforeIsBroughtUpToDate() throws Exception {
    scheduler.start();
    scheduler.stop();
    try (Connection connection = connection();
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE event");
      statement.execute("DELETE FROM schema_version WHERE version > 1");
    }
    scheduler.start();
    announce(event("here"));

    assertThat(messages(ALL)).containsExactly("here");
    assertThat(scheduler.queue(TestingScheduler.READY).published()).isPositive();
  }

  @Test
  void aFloodThatTheStoreCannotTakeIsCutAndTold() throws Exception {
    scheduler.start();
    long flood = EventInbox.BOUND + 2_000L;
    try (Connection other = connection();
        var statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE"); // nobody else may write now
      for (int i = 0; i < flood; i++) {
        scheduler.bus.announce(event(Integer.toString(i)));
      }
      assertThatThrownBy(() -> list(ALL))
          .isInstanceOfSatisfying(
              RequestFailedException.class,
              failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(failure.code()).isEqualTo("WR-4102");
              });
      statement.execute("ROLLBACK");
    }
    Duration patience = Duration.ofSeconds(30);
    await().atMost(patience).ignoreExceptions().until(() -> list(ALL).size() == 1_000);
    await().atMost(patience).until(() -> !scheduler.events("events.dropped").isEmpty());
    List<Kept> kept =
        everything().stream().filter(each -> each.event().kind().equals("test")).toList();

    Matcher dropped =
        Pattern.compile("(\\d+) events are not in the history")
            .matcher(scheduler.events("events.dropped").get(0).message());
    assertThat(dropped.lookingAt()).isTrue();
    assertThat((long) kept.size()).isLessThan(flood);
    assertThat(kept.size() + Long.parseLong(dropped.group(1))).isEqualTo(flood);
    assertThat(kept.get(kept.size() - 1).event().message()).isEqualTo("0");
    assertThat(scheduler.events("events.dropped")).hasSize(1);
  }

  private List<Kept> everything() throws Exception {
    List<Kept> all = new ArrayList<>();
    List<Kept> page = list(ALL);
    while (!page.isEmpty()) {
      all.addAll(page);
      long before = page.get(page.size() - 1).sequence();
      page = list(new EventsQuery(Severity.INFO, Optional.empty(), before, 1_000));
    }
    return all;
  }

  private Connection connection() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("wasmrunner.db"));
  }

  /** Announces, and waits until they have arrived at the other subscribers. */
  private void announce(SystemEvent... events) {
    int before = scheduler.events.size();
    for (SystemEvent event : events) {
      scheduler.bus.announce(event);
    }
    await().until(() -> scheduler.events.size() >= before + events.length);
  }

  private List<String> messages(EventsQuery query) throws Exception {
    return list(query).stream().map(kept -> kept.event().message()).toList();
  }

  private List<Kept> list(EventsQuery query) throws Exception {
    Future<EventsPage> page =
        scheduler.bus.request(
            BusAddress.EVENTS_LIST, query, EventsPage.class, Duration.ofSeconds(20));
    return get(page).events();
  }

  private static SystemEvent event(String message) {
    return event(Severity.INFO, Optional.empty(), Optional.empty(), message);
  }

  private static SystemEvent event(
      Severity severity, Optional<String> service, Optional<Integer> runner, String message) {
    return new SystemEvent(TestingClock.START, severity, "test", service, runner, message);
  }
}
