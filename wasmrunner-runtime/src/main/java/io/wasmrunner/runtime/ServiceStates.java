package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import java.util.List;

/** The state of a service, from those of its runners. */
final class ServiceStates {
  private ServiceStates() {}

  static ServiceState of(List<Runner> runners, boolean invalid, boolean disabled, boolean closing) {
    if (invalid) {
      return ServiceState.INVALID;
    }
    if (disabled && all(runners, RunnerState.STOPPED)) {
      return ServiceState.DISABLED;
    }
    if (runners.isEmpty()) {
      return closing ? ServiceState.STOPPED : ServiceState.STARTING;
    }
    List<Runner> wanted = runners.stream().filter(Runner::wanted).toList();
    if (all(wanted, RunnerState.READY) && !wanted.isEmpty()) {
      return wanted.size() == runners.size() ? ServiceState.READY : ServiceState.DEGRADED;
    }
    if (runners.stream().anyMatch(Runner::available)) {
      return ServiceState.DEGRADED;
    }
    boolean failed =
        any(runners, RunnerState.UNHEALTHY)
            || any(runners, RunnerState.BACKOFF)
            || any(runners, RunnerState.CRASH_LOOP);
    if (failed) {
      return ServiceState.DOWN;
    }
    boolean over = all(runners, RunnerState.STOPPED) && runners.get(0).number() > 0;
    return over ? ServiceState.STOPPED : ServiceState.STARTING;
  }

  private static boolean any(List<Runner> runners, RunnerState state) {
    return runners.stream().anyMatch(runner -> runner.state() == state);
  }

  private static boolean all(List<Runner> runners, RunnerState state) {
    return runners.stream().allMatch(runner -> runner.state() == state);
  }
}
