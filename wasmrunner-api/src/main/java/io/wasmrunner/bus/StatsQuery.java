package io.wasmrunner.bus;

/** Asks for the answers given in the last hour. */
public record StatsQuery() implements BusMessage {}
