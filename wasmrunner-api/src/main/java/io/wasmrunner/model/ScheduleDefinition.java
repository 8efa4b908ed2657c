package io.wasmrunner.model;

import java.time.Duration;

/**
 * A webhook called at an interval.
 *
 * @param index position in service.json, from 0
 * @param path path on the service, with a leading slash
 * @param interval time from one run to the next, at least 1 s
 */
public record ScheduleDefinition(int index, String path, Duration interval) {}
