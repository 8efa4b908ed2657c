package io.wasmrunner.proxy.policy;

import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.ContractReport.Finding;
import io.wasmrunner.model.ContractReport.Kind;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Where traffic and contract of a service differ. Bounded; holds no values. Thread-safe. */
final class Drift {
  /** So many differences are listed; further ones are only counted. */
  static final int MOST = 100;

  private static final int LONGEST = 200;

  private final Clock clock;
  private final Map<Key, Seen> seen = new ConcurrentHashMap<>();
  private final LongAdder omitted = new LongAdder();
  private volatile Optional<String> problem = Optional.empty();

  private record Key(
      Kind kind, String method, String path, int status, String place, String expected) {}

  private static final class Seen {
    private final LongAdder count = new LongAdder();
    private final long firstAt;
    private volatile long lastAt;

    Seen(long now) {
      this.firstAt = now;
      this.lastAt = now;
    }
  }

  Drift(Clock clock) {
    this.clock = clock;
  }

  /** The contract cannot be used. */
  void unusable(String why) {
    problem = Optional.of(why);
  }

  /** Notes a difference. */
  void note(Kind kind, String method, String path, int status, String place, String expected) {
    Key key = new Key(kind, method, shortened(path), status, shortened(place), shortened(expected));
    Seen known = seen.get(key);
    if (known == null) {
      if (seen.size() >= MOST) {
        omitted.increment();
        return;
      }
      known = seen.computeIfAbsent(key, first -> new Seen(clock.millis()));
    }
    known.lastAt = clock.millis();
    known.count.increment();
  }

  /** Everything so far. */
  ContractReport report(boolean ready) {
    return new ContractReport(
        ready,
        problem,
        seen.entrySet().stream()
            .map(
                entry ->
                    new Finding(
                        entry.getKey().kind(),
                        entry.getKey().method(),
                        entry.getKey().path(),
                        entry.getKey().status(),
                        entry.getKey().place(),
                        entry.getKey().expected(),
                        entry.getValue().count.sum(),
                        java.time.Instant.ofEpochMilli(entry.getValue().firstAt),
                        java.time.Instant.ofEpochMilli(entry.getValue().lastAt)))
            .sorted(
                Comparator.comparingLong(Finding::count)
                    .reversed()
                    .thenComparing(Finding::path)
                    .thenComparing(Finding::method))
            .toList(),
        omitted.sum());
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
