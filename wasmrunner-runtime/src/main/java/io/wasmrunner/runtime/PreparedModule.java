package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.HealthProbeFactory;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module that can be started.
 *
 * @param launcher starts it
 * @param probe probes its runners
 * @param secrets values for its runners
 * @param digest {@code sha256:…} of the file
 * @param bestCode completes when a start gets the best code there will be
 */
record PreparedModule(
    Launcher launcher,
    HealthProbe probe,
    Secrets secrets,
    String digest,
    CompletionStage<Void> bestCode) {
  static final String NO_LAUNCHER = "WR-2062";
  static final String NO_PROBE = "WR-2063";

  private static final int MOST_HINTS = 10;
  private static final Logger LOG = LoggerFactory.getLogger(PreparedModule.class);

  /**
   * Loads and checks the module of a service. Blocks.
   *
   * @throws WasmrunnerException when it cannot run here
   * @throws IllegalArgumentException when a plugin refuses its settings
   */
  static PreparedModule prepare(ServiceDefinition service, RuntimeOptions options)
      throws IOException {
    Launcher launcher =
        launcherFactory(service, options)
            .create(service.guest().launcher().settings(), Launching.context(options));
    try {
      HealthProbe probe =
          probeFactory(service, options)
              .create(
                  service.lifecycle().health().probe().settings(), Launching.probeContext(options));
      Path module = service.files().module();
      CompletionStage<Void> bestCode = launcher.prepare(module);
      Optional<String> digest = launcher.digest(module);
      return new PreparedModule(
          launcher,
          probe,
          Secrets.read(service, options),
          digest.isPresent() ? digest.get() : ModuleDigest.of(module),
          bestCode);
    } catch (IOException | RuntimeException e) {
      launcher.close();
      throw e;
    }
  }

  /**
   * Checks that the module of a service could be started, and starts nothing. Blocks.
   *
   * @throws RuntimeException as {@link #prepare} does
   */
  static void check(ServiceDefinition service, RuntimeOptions options) {
    try (Launcher launcher =
        launcherFactory(service, options)
            .create(service.guest().launcher().settings(), Launching.context(options))) {
      probeFactory(service, options);
      launcher.check(service.files().module(), Launching.memoryLimitBytes(service, options));
    }
  }

  /** What about the module costs speed, when {@link #bestCode} has completed. */
  List<ModuleHint> hints(ServiceDefinition service) {
    try {
      List<ModuleHint> all = launcher.hints(service.files().module());
      return all.subList(0, Math.min(all.size(), MOST_HINTS));
    } catch (RuntimeException e) {
      LOG.warn("the launcher of {} tells nothing about its module", service.name(), e);
      return List.of();
    }
  }

  /** The launcher that the service chose. */
  static LauncherFactory launcherFactory(ServiceDefinition service, RuntimeOptions options) {
    String name = service.guest().launcher().name();
    return options
        .plugins()
        .launcher(name)
        .orElseThrow(() -> missing(NO_LAUNCHER, "launcher", name));
  }

  private static HealthProbeFactory probeFactory(
      ServiceDefinition service, RuntimeOptions options) {
    String name = service.lifecycle().health().probe().name();
    return options
        .plugins()
        .healthProbe(name)
        .orElseThrow(() -> missing(NO_PROBE, "health probe", name));
  }

  private static WasmrunnerException missing(String code, String point, String name) {
    return new WasmrunnerException(
        code,
        "there is no " + point + " \"" + name + "\"",
        "Add the plugin that brings it to the plugins folder, or choose another one.");
  }

  void close() {
    launcher.close();
    probe.close();
  }
}
