package io.wasmrunner.dashboard;

import io.wasmrunner.model.SystemEvent;
import org.jspecify.annotations.Nullable;

/** An event, ready to be shown. */
record EventView(
    long sequence,
    String severity,
    String css,
    When at,
    String kind,
    @Nullable String about,
    String message) {

  static EventView of(EventHistory.Entry entry, Figures figures) {
    SystemEvent event = entry.event();
    return new EventView(
        entry.sequence(),
        "severity." + event.severity(),
        Tone.of(event.severity()).css(),
        figures.when(event.at()),
        event.kind(),
        event
            .service()
            .map(service -> service + event.runner().map(index -> "/" + index).orElse(""))
            .orElse(null),
        event.message());
  }
}
