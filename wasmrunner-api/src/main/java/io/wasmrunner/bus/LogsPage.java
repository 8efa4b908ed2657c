package io.wasmrunner.bus;

import io.wasmrunner.model.LogLine;
import java.util.List;

/**
 * Log lines.
 *
 * @param lines oldest first
 * @param last sequence of the newest line there is, whether it was asked for or not: who goes on
 *     reading asks for lines after it
 */
public record LogsPage(List<LogLine> lines, long last) implements BusMessage {
  /** Copies the list. */
  public LogsPage {
    lines = List.copyOf(lines);
  }
}
