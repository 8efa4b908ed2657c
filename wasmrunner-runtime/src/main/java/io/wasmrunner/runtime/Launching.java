package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.HealthProbeContext;
import io.wasmrunner.spi.LauncherContext;

/** What launchers and probes get from the options. */
final class Launching {
  private static final long MIB = 1L << 20;

  private Launching() {}

  static LauncherContext context(RuntimeOptions options) {
    return new LauncherContext(
        options.cacheFolder(),
        options.stateFolder(),
        options.bindHost(),
        options.defaultMemoryLimitMb() * MIB,
        options.guestMemoryBudgetMb() * MIB,
        options.clock());
  }

  static HealthProbeContext probeContext(RuntimeOptions options) {
    return new HealthProbeContext(options.stateFolder());
  }

  static long memoryLimitBytes(ServiceDefinition service, RuntimeOptions options) {
    return service.guest().memoryLimitMb().orElse(options.defaultMemoryLimitMb()) * MIB;
  }
}
