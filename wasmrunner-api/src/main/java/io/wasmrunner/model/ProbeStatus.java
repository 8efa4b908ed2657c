package io.wasmrunner.model;

import java.time.Duration;
import java.time.Instant;

/**
 * Result of the last probe of a runner.
 *
 * @param healthy whether it passed
 * @param at when it ended
 * @param latency how long it took
 * @param detail one line: status code or failure
 */
public record ProbeStatus(boolean healthy, Instant at, Duration latency, String detail) {}
