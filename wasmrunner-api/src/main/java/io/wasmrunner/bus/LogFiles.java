package io.wasmrunner.bus;

import java.util.List;

/**
 * Log files of a service on this machine.
 *
 * @param paths oldest first; empty when there are none
 */
public record LogFiles(List<String> paths) implements BusMessage {
  /** Copies the list. */
  public LogFiles {
    paths = List.copyOf(paths);
  }
}
