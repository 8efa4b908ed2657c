package io.wasmrunner.bus;

import io.wasmrunner.model.RequestStats;

/**
 * Answers given in the last hour.
 *
 * @param stats the counts
 */
public record StatsSnapshot(RequestStats stats) implements BusMessage {}
