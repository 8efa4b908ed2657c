package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.Launcher;
import java.time.Clock;

/**
 * What the runners of a service have in common.
 *
 * @param service the service
 * @param options settings of the runtime
 * @param actor where their state changes
 * @param launcher starts them
 * @param probe probes them
 * @param log takes their output
 * @param events told what happens to them
 * @param changed called when the state of a runner has changed
 * @param metered called when only figures have changed
 */
record RunnerSite(
    ServiceDefinition service,
    RuntimeOptions options,
    Actor actor,
    Launcher launcher,
    HealthProbe probe,
    ServiceLog log,
    RunnerEvents events,
    Runnable changed,
    Runnable metered) {
  Clock clock() {
    return options.clock();
  }
}
