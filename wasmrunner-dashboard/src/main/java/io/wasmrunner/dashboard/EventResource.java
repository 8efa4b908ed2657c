package io.wasmrunner.dashboard;

import io.wasmrunner.model.SystemEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An event, as the management API shows it. */
record EventResource(
    long sequence,
    Instant at,
    SystemEvent.Severity severity,
    String kind,
    Optional<String> service,
    Optional<Integer> runner,
    String message) {

  static EventResource of(EventHistory.Entry entry) {
    SystemEvent event = entry.event();
    return new EventResource(
        entry.sequence(),
        event.at(),
        event.severity(),
        event.kind(),
        event.service(),
        event.runner(),
        event.message());
  }

  static Page page(Happenings.Found found) {
    return new Page(
        found.source().name().toLowerCase(Locale.ROOT),
        found.events().stream().map(EventResource::of).toList());
  }

  /** Events, newest first. */
  record Page(String source, List<EventResource> events) {}
}
