package io.wasmrunner.bus;

import io.wasmrunner.model.LogLine;
import java.util.List;

/**
 * Log lines.
 *
 * @param lines oldest first
 */
public record LogsPage(List<LogLine> lines) implements BusMessage {
  /** Copies the list. */
  public LogsPage {
    lines = List.copyOf(lines);
  }
}
