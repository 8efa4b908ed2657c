package io.wasmrunner.runtime;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.model.LogLine;
import java.util.Locale;

/** Which lines a question asks for, their number aside. */
final class LogFilter {
  private final LogsQuery query;
  private final String text;

  LogFilter(LogsQuery query) {
    this.query = query;
    this.text = query.text().toLowerCase(Locale.ROOT);
  }

  boolean wants(LogLine line) {
    return line.sequence() > query.after()
        && query.runner().map(runner -> runner == line.runner()).orElse(true)
        && query.level().map(level -> line.level().compareTo(level) >= 0).orElse(true)
        && (text.isEmpty() || line.text().toLowerCase(Locale.ROOT).contains(text));
  }
}
