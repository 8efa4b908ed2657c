package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the store what the inbox holds, one write at a time so that the order stays, and answers
 * what is kept. That events can be written does not mean that publishing can, so the alarm of the
 * store has no part in it. Belongs to one context.
 */
final class EventLog {
  /** Events that are kept; the oldest go. */
  static final int KEPT = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** Small, so that publishers do not wait for it. */
  private static final int MOST_PER_WRITE = 256;

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
  private static final Duration TELL_AGAIN = Duration.ofMinutes(1);

  private final Context context;
  private final EventInbox inbox;
  private final Events events;
  private final Store store;
  private final Clock clock;

  private List<SystemEvent> batch = List.of();
  private Future<Void> writing = Future.succeededFuture();
  private boolean underWay;
  private boolean failing;
  private long written;
  private Instant pausedUntil = Instant.MIN;
  private Instant tellFrom = Instant.MIN;

  EventLog(Context context, EventInbox inbox, Events events, Store store, Clock clock) {
    this.context = context;
    this.inbox = inbox;
    this.events = events;
    this.store = store;
    this.clock = clock;
  }

  /** Begins to keep what is in the inbox and what comes. */
  void begin() {
    inbox.onArrival(() -> context.runOnContext(arrived -> pump()));
  }

  void tick(Instant now) {
    pump();
    if (inbox.size() == 0 && !now.isBefore(tellFrom)) {
      long dropped = inbox.takeDropped();
      if (dropped > 0) {
        tellFrom = now.plus(TELL_AGAIN);
        events.tell(
            Severity.WARNING,
            "events.dropped",
            "%d events are not in the history: they came faster than the store could keep them"
                .formatted(dropped));
      }
    }
  }

  /**
   * Events that are kept, all that came before the question among them; fails when those cannot be
   * written.
   */
  Future<EventsPage> list(EventsQuery query) {
    return flush()
        .compose(flushed -> Future.fromCompletionStage(store.events(query), context))
        .map(EventsPage::new);
  }

  /** Keeps what has come so far, and hears no more. */
  Future<Void> stop() {
    Promise<Void> heard = Promise.promise();
    inbox.close().onComplete(done -> context.runOnContext(here -> heard.complete()));
    return heard
        .future()
        .compose(all -> flush())
        .otherwise(
            failure -> {
              LOG.warn(
                  "{} events are not in the history: {}",
                  batch.size() + inbox.size(),
                  failure.getMessage());
              return null;
            });
  }

  private Future<Void> flush() {
    pausedUntil = Instant.MIN;
    return flush(written + batch.size() + inbox.size());
  }

  private Future<Void> flush(long goal) {
    pump();
    return written >= goal ? Future.succeededFuture() : writing.compose(more -> flush(goal));
  }

  private void pump() {
    if (underWay || clock.instant().isBefore(pausedUntil)) {
      return;
    }
    if (batch.isEmpty()) {
      batch = inbox.take(MOST_PER_WRITE);
    }
    if (batch.isEmpty()) {
      return;
    }
    underWay = true;
    // Its own promise: the future of the store is complete before its handler has run here.
    Promise<Void> ended = Promise.promise();
    writing = ended.future();
    Future.fromCompletionStage(store.keep(batch, KEPT), context)
        .onComplete(
            done -> {
              underWay = false;
              failing = false;
              written += batch.size();
              batch = List.of();
              pump();
              ended.complete();
            },
            failed -> {
              underWay = false;
              if (!failing) {
                failing = true;
                LOG.warn("events wait for the store: {}", failed.getMessage());
              }
              pausedUntil = clock.instant().plus(PAUSE_AFTER_FAILURE);
              ended.fail(failed);
            });
  }
}
