package io.wasmrunner.runtime;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The last lines of a service: what its runners printed and what wasmrunner says about them.
 * Bounded by lines and by memory, oldest out first. Thread-safe.
 */
final class ServiceLog {
  static final int MAX_LINES = 2000;
  static final int MAX_BYTES = 2 << 20;

  private static final int LINE_OVERHEAD = 64;

  private final Clock clock;
  private final LogMirror mirror;
  private final Consumer<LogLine> files;
  private final Deque<LogLine> lines = new ArrayDeque<>();

  /** How often each runner has been started. */
  private final Map<Integer, Long> generations = new HashMap<>();

  private volatile SecretMask mask = SecretMask.NONE;
  private long sequence;
  private long bytes;

  ServiceLog(String service, Clock clock) {
    this(service, clock, line -> {}, 0);
  }

  private ServiceLog(String service, Clock clock, Consumer<LogLine> files, long sequence) {
    this.clock = clock;
    this.mirror = new LogMirror(service, clock);
    this.files = files;
    this.sequence = sequence;
  }

  /** One whose lines also go to files. Lines of earlier starts there have smaller sequences. */
  static ServiceLog kept(String service, Clock clock, Optional<LogStore> store) {
    return store
        .map(
            files ->
                new ServiceLog(
                    service,
                    clock,
                    line -> files.take(service, line),
                    TimeUnit.MILLISECONDS.toMicros(clock.millis())))
        .orElseGet(() -> new ServiceLog(service, clock));
  }

  /** A runner is being started; its lines have the number that comes back. */
  synchronized long nextGeneration(int runner) {
    return generations.merge(runner, 1L, Long::sum);
  }

  /** What is hidden in lines from now on. */
  void hide(SecretMask secrets) {
    mask = secrets;
  }

  /** A text as it may be shown. */
  String masked(String text) {
    return mask.apply(text);
  }

  /** Takes a line of a runner; its level is found in the text. */
  void printed(int runner, long generation, Stream stream, String text) {
    Level usual = stream == Stream.STDERR ? Level.WARN : Level.INFO;
    append(runner, generation, stream, LogLevels.find(text).orElse(usual), text);
  }

  /** Takes a line by wasmrunner about a runner. */
  void host(int runner, Level level, String text) {
    host(runner, newestGeneration(runner), level, text);
  }

  /** Takes a line by wasmrunner about one start of a runner. */
  void host(int runner, long generation, Level level, String text) {
    append(runner, generation, Stream.HOST, level, CleanText.of(text));
  }

  private synchronized long newestGeneration(int runner) {
    return generations.getOrDefault(runner, 0L);
  }

  /**
   * Lines at one moment.
   *
   * @param lines those that were asked for, oldest first
   * @param oldest sequence of the oldest line held; that of the next one when none is
   * @param newest sequence of the newest line that came
   */
  record Page(List<LogLine> lines, long oldest, long newest) {}

  /** The newest lines that fit the question. */
  synchronized Page page(LogsQuery query) {
    long oldest = lines.isEmpty() ? sequence + 1 : lines.getFirst().sequence();
    return new Page(read(query), oldest, sequence);
  }

  /** The newest lines that fit the question, oldest first. */
  synchronized List<LogLine> read(LogsQuery query) {
    LogFilter filter = new LogFilter(query);
    List<LogLine> found = new ArrayList<>();
    Iterator<LogLine> newestFirst = lines.descendingIterator();
    while (newestFirst.hasNext() && found.size() < query.tail()) {
      LogLine line = newestFirst.next();
      if (line.sequence() <= query.after()) {
        break;
      }
      if (filter.wants(line)) {
        found.add(line);
      }
    }
    Collections.reverse(found);
    return found;
  }

  private void append(int runner, long generation, Stream stream, Level level, String unmasked) {
    String text = masked(unmasked);
    LogLine line;
    synchronized (this) {
      line = new LogLine(++sequence, clock.instant(), runner, generation, stream, level, text);
      lines.addLast(line);
      bytes += size(line);
      while (lines.size() > MAX_LINES || bytes > MAX_BYTES) {
        bytes -= size(lines.removeFirst());
      }
      files.accept(line); // in here, so that the order there is that of the sequence
    }
    mirror.show(line);
  }

  private static long size(LogLine line) {
    return LINE_OVERHEAD + 2L * line.text().length();
  }
}
