package io.wasmrunner.model;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the runners of a service get and may.
 *
 * @param launcher what runs them; default {@code embedded}
 * @param memoryLimitMb limit of a runner's linear memory in MiB; absent: the runtime's default
 * @param limits what else a runner may use
 * @param env further environment
 * @param secrets environment whose values are kept elsewhere, by name
 * @param capabilities what the runners may reach; absent: unrestricted
 */
public record GuestSettings(
    PluginChoice launcher,
    OptionalInt memoryLimitMb,
    RunnerLimits limits,
    Map<String, String> env,
    Map<String, SecretSource> secrets,
    Optional<Capabilities> capabilities) {
  /** The defaults. */
  public static final GuestSettings DEFAULT =
      new GuestSettings(
          PluginChoice.named("embedded"),
          OptionalInt.empty(),
          RunnerLimits.DEFAULT,
          Map.of(),
          Map.of(),
          Optional.empty());

  /** Copies the maps. */
  public GuestSettings {
    env = Map.copyOf(env);
    secrets = Map.copyOf(secrets);
  }
}
