package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.RunnerSpec;
import java.time.Clock;

/**
 * What the runners of a service have in common.
 *
 * @param service the service
 * @param options settings of the runtime
 * @param actor where their state changes
 * @param launcher starts them
 * @param probe probes them
 * @param secrets values for their environment
 * @param capabilities takes what they reach and are refused
 * @param log takes their output
 * @param events told what happens to them
 * @param requests how busy they are
 * @param changed called when the state of a runner has changed
 * @param metered called when only figures have changed
 */
record RunnerSite(
    ServiceDefinition service,
    RuntimeOptions options,
    Actor actor,
    Launcher launcher,
    HealthProbe probe,
    Secrets secrets,
    CapabilityRecord capabilities,
    ServiceLog log,
    ServiceEvents events,
    RequestsUnderWay requests,
    Runnable changed,
    Runnable metered) {
  Clock clock() {
    return options.clock();
  }

  /** What to run as the runner with this id. */
  RunnerSpec spec(RunnerId id) {
    return new RunnerSpec(
        id,
        service.files().module(),
        service.addressOf(id.index()),
        GuestEnvironment.of(service, secrets, id.index(), options.runnerBaseUrl()),
        Launching.memoryLimitBytes(service, options),
        service.guest().capabilities(),
        service.guest().limits());
  }
}
