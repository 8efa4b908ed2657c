package io.wasmrunner.runtime;

import io.wasmrunner.spi.HealthProbeFactory;
import io.wasmrunner.spi.LauncherFactory;
import io.wasmrunner.spi.Plugin;
import java.util.List;
import java.util.Optional;

/**
 * Health probes {@code http}, {@code tcp} and {@code command}, and launchers {@code embedded},
 * {@code jvm-process}, {@code wasmedge} and {@code command}; loaded like every other plugin.
 */
public final class RuntimePlugin implements Plugin {
  private final List<HealthProbeFactory> probes =
      List.of(new HttpProbeFactory(), new TcpProbeFactory(), new CommandProbeFactory());
  private final List<LauncherFactory> launchers = launcherFactories();

  private static List<LauncherFactory> launcherFactories() {
    EmbeddedLauncherFactory embedded = new EmbeddedLauncherFactory();
    ChildProcesses processes = new ChildProcesses();
    return List.of(
        embedded,
        new JvmLauncherFactory(embedded, processes),
        new WasmedgeLauncherFactory(processes),
        new CommandLauncherFactory(processes));
  }

  @Override
  public String name() {
    return "wasmrunner-runtime";
  }

  @Override
  public String version() {
    return Optional.ofNullable(RuntimePlugin.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public List<HealthProbeFactory> healthProbes() {
    return probes;
  }

  @Override
  public List<LauncherFactory> launchers() {
    return launchers;
  }
}
