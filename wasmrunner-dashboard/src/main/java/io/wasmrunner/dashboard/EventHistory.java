package io.wasmrunner.dashboard;

import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The latest events, the oldest dropped beyond the bound. Thread-safe. */
final class EventHistory {
  private final int bound;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Map<Severity, Long> totals = new EnumMap<>(Severity.class);
  private long sequence;

  EventHistory(int bound) {
    this.bound = bound;
    for (Severity severity : Severity.values()) {
      totals.put(severity, 0L);
    }
  }

  /**
   * An event with its number.
   *
   * @param sequence grows by one per event, from 1 at each start of the process
   * @param event what happened
   */
  record Entry(long sequence, SystemEvent event) {}

  /** Adds an event. */
  synchronized Entry add(SystemEvent event) {
    Entry entry = new Entry(++sequence, event);
    entries.addLast(entry);
    if (entries.size() > bound) {
      entries.removeFirst();
    }
    totals.merge(event.severity(), 1L, Long::sum);
    return entry;
  }

  /** The newest events that fit, newest first. */
  synchronized List<Entry> newest(EventsQuery query) {
    List<Entry> found = new ArrayList<>();
    var newestFirst = entries.descendingIterator();
    while (newestFirst.hasNext() && found.size() < query.limit()) {
      Entry entry = newestFirst.next();
      if (fits(entry.event(), query)) {
        found.add(entry);
      }
    }
    return List.copyOf(found);
  }

  private static boolean fits(SystemEvent event, EventsQuery query) {
    return event.severity().compareTo(query.atLeast()) >= 0
        && (query.service().isEmpty() || query.service().equals(event.service()));
  }

  /** The newest events after this sequence, oldest first. */
  synchronized List<Entry> after(long sequence, int limit) {
    List<Entry> found = new ArrayList<>();
    var newestFirst = entries.descendingIterator();
    while (newestFirst.hasNext() && found.size() < limit) {
      Entry entry = newestFirst.next();
      if (entry.sequence() <= sequence) {
        break;
      }
      found.add(entry);
    }
    Collections.reverse(found);
    return List.copyOf(found);
  }

  /** Events so far by severity, dropped ones included. */
  synchronized Map<Severity, Long> totals() {
    return new EnumMap<>(totals);
  }
}
