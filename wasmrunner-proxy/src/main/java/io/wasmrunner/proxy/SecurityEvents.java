package io.wasmrunner.proxy;

import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts requests that are refused because they are malformed or ambiguous, which honest clients do
 * not send, and tells of them: at most once a minute for each reason. Thread-safe.
 */
final class SecurityEvents {
  private static final long PAUSE_NANOS = 60_000_000_000L;

  private final Bus bus;
  private final Clock clock;
  private final LongSupplier ticker;

  /** The reasons are ours, so there are few. */
  private final Map<String, Reason> reasons = new ConcurrentHashMap<>();

  private static final class Reason {
    private final LongAdder count = new LongAdder();
    private final AtomicLong toldAt = new AtomicLong(Long.MIN_VALUE);
    private volatile long told;
  }

  SecurityEvents(Bus bus, Clock clock, LongSupplier ticker) {
    this.bus = bus;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** A request cannot be framed. */
  void refused(FramingFault fault, String client) {
    refused(fault.name().toLowerCase(Locale.ROOT), fault.problem(), fault.what(), client);
  }

  /** A path would be read in two ways. */
  void refusedPath(RequestTarget.Refused refused, String client) {
    refused("path", Problem.BAD_PATH, refused.reason(), client);
  }

  /** There are as many connections as there may be. */
  void tooManyConnections(int most, String client) {
    refused(
        "connections",
        Problem.TOO_MANY_CONNECTIONS,
        "there are %d connections, as many as server.max_connections allows".formatted(most),
        client);
  }

  /** How often each reason came up since the start. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    reasons.forEach((name, reason) -> counts.put(name, reason.count.sum()));
    return counts;
  }

  private void refused(String name, Problem problem, String what, String client) {
    Reason reason = reasons.computeIfAbsent(name, first -> new Reason());
    reason.count.increment();
    long now = ticker.getAsLong();
    long before = reason.toldAt.get();
    boolean due = before == Long.MIN_VALUE || now - before >= PAUSE_NANOS;
    if (due && reason.toldAt.compareAndSet(before, now)) {
      long count = reason.count.sum();
      long since = count - reason.told;
      reason.told = count;
      bus.announce(event(problem, what, client, since));
    }
  }

  private SystemEvent event(Problem problem, String what, String client, long count) {
    String more = count > 1 ? " (%d such requests since the last report)".formatted(count) : "";
    return new SystemEvent(
        clock.instant(),
        Severity.WARNING,
        "request.refused",
        Optional.empty(),
        Optional.empty(),
        "%s: a request from %s was refused: %s%s".formatted(problem.code(), client, what, more));
  }
}
