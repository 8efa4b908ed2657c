package io.wasmrunner.spi;

import java.nio.file.Path;

/**
 * What the host offers to health probes.
 *
 * @param stateFolder folder for what probes have to remember between starts, such as the processes
 *     they started; made by whoever writes there first
 */
public record HealthProbeContext(Path stateFolder) {}
