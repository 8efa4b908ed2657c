package io.wasmrunner.spi;

import java.time.Duration;

/**
 * What a runner uses.
 *
 * @param memoryBytes linear memory, or resident memory of a process
 * @param memoryLimitBytes limit of it
 * @param memoryRefusals growths of memory that were refused since its start
 * @param cpu CPU time since its start
 * @param idle time since it last called the host; {@link Duration#ZERO} where unknown
 * @param code how its code runs: {@code compiled}, {@code interpreted}, {@code compiling}, {@code
 *     native}
 */
public record RunnerUsage(
    long memoryBytes,
    long memoryLimitBytes,
    long memoryRefusals,
    Duration cpu,
    Duration idle,
    String code) {}
