package io.wasmrunner.runtime;

import io.wasmrunner.model.ProbeStatus;

/** Words for a start that took too long. */
final class StartTimeout {
  private StartTimeout() {}

  static String describe(RunnerSite site, Generation generation) {
    return "not healthy within "
        + Durations.describe(site.restart().startTimeout())
        + generation
            .lastProbe()
            .map(ProbeStatus::detail)
            .map(detail -> "; last probe: " + detail)
            .orElse("");
  }
}
