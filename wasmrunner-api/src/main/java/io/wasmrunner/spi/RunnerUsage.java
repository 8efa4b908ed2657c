package io.wasmrunner.spi;

import io.wasmrunner.model.RunnerActivity;
import java.time.Duration;

/**
 * What a runner uses.
 *
 * @param memoryBytes linear memory, or resident memory of a process
 * @param memoryLimitBytes limit of it
 * @param memoryRefusals growths of memory that were refused since its start
 * @param cpu CPU time since its start
 * @param idle time since it last called the host; {@link Duration#ZERO} where unknown, and while it
 *     is in such a call
 * @param waiting time in the call of the host that is under way; {@link Duration#ZERO} otherwise
 *     and where unknown
 * @param code how its code runs: {@code compiled}, {@code interpreted}, {@code compiling}, {@code
 *     native}
 * @param activity what it does with the host
 */
public record RunnerUsage(
    long memoryBytes,
    long memoryLimitBytes,
    long memoryRefusals,
    Duration cpu,
    Duration idle,
    Duration waiting,
    String code,
    RunnerActivity activity) {
  /** For launchers that do not see what a runner does with the host. */
  public RunnerUsage(
      long memoryBytes,
      long memoryLimitBytes,
      long memoryRefusals,
      Duration cpu,
      Duration idle,
      String code) {
    this(
        memoryBytes,
        memoryLimitBytes,
        memoryRefusals,
        cpu,
        idle,
        Duration.ZERO,
        code,
        RunnerActivity.UNKNOWN);
  }
}
