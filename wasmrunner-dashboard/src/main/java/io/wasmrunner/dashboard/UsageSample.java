package io.wasmrunner.dashboard;

import java.time.Instant;

/**
 * What a runner used at one moment.
 *
 * @param at when
 * @param generation which start of the runner
 * @param memoryBytes linear memory in use
 * @param memoryLimitBytes limit of it
 * @param cpuPercent share of one core since the sample before; 0 for the first of a generation
 * @param openDescriptors files and sockets that are open
 * @param callsPerSecond calls of host functions since the sample before
 * @param restarts starts that nobody had asked for, so far
 * @param uptimeSeconds since its last start; 0 when it does not run
 */
record UsageSample(
    Instant at,
    long generation,
    long memoryBytes,
    long memoryLimitBytes,
    double cpuPercent,
    int openDescriptors,
    double callsPerSecond,
    long restarts,
    long uptimeSeconds) {}
