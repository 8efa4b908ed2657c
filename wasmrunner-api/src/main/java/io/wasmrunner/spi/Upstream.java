package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;

/**
 * A runner as a load-balancing strategy sees it. Identity lasts for one generation of the runner.
 */
public interface Upstream {
  /** Which runner. */
  RunnerId id();

  /** Where it listens. */
  RunnerAddress address();

  /** Requests under way on it now. */
  int activeRequests();

  /**
   * Share of the requests it should get beside the others, always above 0: its weight in
   * service.json (default 1), less while it starts slowly. May change from call to call.
   */
  default double weight() {
    return 1;
  }
}
