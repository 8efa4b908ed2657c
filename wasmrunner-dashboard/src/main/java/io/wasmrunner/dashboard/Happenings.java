package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.EventsPage;
import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.eventbus.Bus;
import java.time.Duration;
import java.util.List;

/**
 * What happened: from the store, over restarts, or while that does not answer in time from memory.
 * Thread-safe.
 */
final class Happenings {
  /** Larger than every sequence: asks for the newest events. */
  static final long NEWEST = 999_999_999_999_999_999L;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Bus bus;
  private final EventHistory history;

  Happenings(Bus bus, EventHistory history) {
    this.bus = bus;
    this.history = history;
  }

  /** Where events come from. */
  enum Source {
    /** All that is kept, from before the start too. */
    STORE,
    /** Only what happened since the start. */
    MEMORY
  }

  /**
   * Events.
   *
   * @param source where they come from; sequences of different sources are not of one row
   * @param events newest first
   */
  record Found(Source source, List<EventHistory.Entry> events) {}

  /**
   * The newest events that fit.
   *
   * @return fails only for what follows a page, which memory cannot tell
   */
  Future<Found> newest(EventsQuery query) {
    Future<Found> stored =
        bus.request(BusAddress.EVENTS_LIST, query, EventsPage.class, PATIENCE)
            .map(
                page ->
                    new Found(
                        Source.STORE,
                        page.events().stream()
                            .map(kept -> new EventHistory.Entry(kept.sequence(), kept.event()))
                            .toList()));
    return query.before() == NEWEST
        ? stored.otherwise(silent -> new Found(Source.MEMORY, history.newest(query)))
        : stored;
  }
}
