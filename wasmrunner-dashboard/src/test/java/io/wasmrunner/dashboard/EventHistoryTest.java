package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.EventsQuery;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EventHistoryTest {
  private final EventHistory history = new EventHistory(3);

  @Test
  void dropsTheOldestBeyondTheBoundButCountsIt() {
    for (int i = 1; i <= 5; i++) {
      history.add(event(Severity.INFO, "event " + i));
    }

    assertThat(history.newest(query(Severity.INFO, 10)))
        .extracting(entry -> entry.event().message())
        .containsExactly("event 5", "event 4", "event 3");
    assertThat(history.totals()).containsEntry(Severity.INFO, 5L);
  }

  @Test
  void filtersBySeverityAndLimits() {
    history.add(event(Severity.ERROR, "bad"));
    history.add(event(Severity.INFO, "fine"));
    history.add(event(Severity.WARNING, "odd"));

    assertThat(history.newest(query(Severity.WARNING, 10)))
        .extracting(entry -> entry.event().message())
        .containsExactly("odd", "bad");
    assertThat(history.newest(query(Severity.INFO, 1))).hasSize(1);
  }

  @Test
  void goesOnAfterASequence() {
    history.add(event(Severity.INFO, "one"));
    history.add(event(Severity.INFO, "two"));
    history.add(event(Severity.INFO, "three"));

    assertThat(history.after(1, 10))
        .extracting(EventHistory.Entry::sequence)
        .containsExactly(2L, 3L);
    assertThat(history.after(0, 2))
        .extracting(EventHistory.Entry::sequence)
        .containsExactly(2L, 3L);
    assertThat(history.after(3, 10)).isEmpty();
  }

  private static EventsQuery query(Severity atLeast, int limit) {
    return new EventsQuery(atLeast, Optional.empty(), Long.MAX_VALUE, limit);
  }

  private static SystemEvent event(Severity severity, String message) {
    return new SystemEvent(
        Samples.NOW, severity, "test", Optional.empty(), Optional.empty(), message);
  }
}
