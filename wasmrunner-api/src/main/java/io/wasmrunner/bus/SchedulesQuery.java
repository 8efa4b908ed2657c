package io.wasmrunner.bus;

/** Asks for all schedules. */
public record SchedulesQuery() implements BusMessage {}
