package io.wasmrunner.bus;

import io.wasmrunner.model.RefusedRequest;
import java.util.List;

/**
 * The requests that the entry point refused last.
 *
 * @param requests newest first
 */
public record RefusalsPage(List<RefusedRequest> requests) implements BusMessage {
  /** Copies the list. */
  public RefusalsPage {
    requests = List.copyOf(requests);
  }
}
