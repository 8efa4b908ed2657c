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
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

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
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private volatile SecretMask mask = SecretMask.NONE;
  private long sequence;
  private long bytes;

  ServiceLog(String service, Clock clock) {
    this.clock = clock;
    this.mirror = new LogMirror(service, clock);
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
  void printed(int runner, Stream stream, String text) {
    Level usual = stream == Stream.STDERR ? Level.WARN : Level.INFO;
    append(runner, stream, LogLevels.find(text).orElse(usual), text);
  }

  /** Takes a line by wasmrunner about a runner. */
  void host(int runner, Level level, String text) {
    append(runner, Stream.HOST, level, CleanText.of(text));
  }

  /** The newest lines that fit the question, oldest first. */
  synchronized List<LogLine> read(LogsQuery query) {
    String text = query.text().toLowerCase(Locale.ROOT);
    List<LogLine> found = new ArrayList<>();
    Iterator<LogLine> newestFirst = lines.descendingIterator();
    while (newestFirst.hasNext() && found.size() < query.tail()) {
      LogLine line = newestFirst.next();
      if (line.sequence() <= query.after()) {
        break;
      }
      boolean wanted =
          query.runner().map(runner -> runner == line.runner()).orElse(true)
              && query.level().map(level -> line.level().compareTo(level) >= 0).orElse(true)
              && (text.isEmpty() || line.text().toLowerCase(Locale.ROOT).contains(text));
      if (wanted) {
        found.add(line);
      }
    }
    Collections.reverse(found);
    return found;
  }

  private void append(int runner, Stream stream, Level level, String unmasked) {
    String text = masked(unmasked);
    LogLine line;
    synchronized (this) {
      line = new LogLine(++sequence, clock.instant(), runner, stream, level, text);
      lines.addLast(line);
      bytes += size(line);
      while (lines.size() > MAX_LINES || bytes > MAX_BYTES) {
        bytes -= size(lines.removeFirst());
      }
    }
    mirror.show(line);
  }

  private static long size(LogLine line) {
    return LINE_OVERHEAD + 2L * line.text().length();
  }
}
