package io.wasmrunner.model;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How runners are replaced by those of another version.
 *
 * @param maxParallel runners replaced at a time; default 1
 * @param minHealthyTime a new runner is watched for this long before the next is replaced; default
 *     1 s
 * @param drainTimeout requests under way on an old runner get this long; default 30 s
 * @param autoRevert whether a version that fails gives way to the one before; default true
 * @param surgePorts first port of a second block for launchers whose runners cannot share a port;
 *     absent: such runners are replaced in place
 */
public record DeploySettings(
    int maxParallel,
    Duration minHealthyTime,
    Duration drainTimeout,
    boolean autoRevert,
    OptionalInt surgePorts) {
  /** The defaults. */
  public static final DeploySettings DEFAULT =
      new DeploySettings(
          1, Duration.ofSeconds(1), Duration.ofSeconds(30), true, OptionalInt.empty());
}
