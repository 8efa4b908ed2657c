package io.wasmrunner.runtime;

import io.wasmrunner.model.RestartSettings;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.RunnerSpec;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the runners of one version of a service have in common.
 *
 * @param service the service
 * @param module starts and probes its runners
 * @param capabilities takes what they reach and are refused
 * @param surroundings where they live
 */
record RunnerSite(
    ServiceDefinition service,
    PreparedModule module,
    CapabilityRecord capabilities,
    Surroundings surroundings) {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerSite.class);

  Clock clock() {
    return surroundings.options().clock();
  }

  Actor actor() {
    return surroundings.actor();
  }

  RuntimeOptions options() {
    return surroundings.options();
  }

  Launcher launcher() {
    return module.launcher();
  }

  HealthProbe probe() {
    return module.probe();
  }

  RestartSettings restart() {
    return service.lifecycle().restart();
  }

  /** Whether both are of one preparation of one module, whatever their settings. */
  @SuppressWarnings("ReferenceEquality") // equal modules that were prepared apart are two versions
  boolean sameVersion(RunnerSite other) {
    return module == other.module;
  }

  /** The same module with other settings, none of which needs a new start. */
  RunnerSite configured(ServiceDefinition other) {
    return new RunnerSite(other, module, capabilities, surroundings);
  }

  /** Whether its runners may reach what those of another version may, by the same means. */
  boolean maySameAs(ServiceDefinition other) {
    return service.guest().capabilities().equals(other.guest().capabilities())
        && service.guest().launcher().name().equals(other.guest().launcher().name());
  }

  /** What to run as the runner with this id, listening there. */
  RunnerSpec spec(RunnerId id, RunnerAddress address) {
    return new RunnerSpec(
        id,
        service.files().module(),
        address,
        GuestEnvironment.of(
            service, module.secrets(), id.index(), address.port(), options().runnerBaseUrl()),
        Launching.memoryLimitBytes(service, options()),
        service.guest().capabilities(),
        service.guest().limits());
  }

  /** Closes its module, which no runner uses any more, elsewhere; completes when that is done. */
  CompletionStage<Void> release() {
    CompletableFuture<Void> released = new CompletableFuture<>();
    actor()
        .offload(
            () -> {
              module.close();
              return module;
            },
            done -> released.complete(null),
            failure -> {
              LOG.warn("service {}: its launcher did not close", service.name(), failure);
              released.complete(null);
            });
    return released;
  }
}
