package io.wasmrunner.bus;

/** Asks for all routes. */
public record RoutesQuery() implements BusMessage {}
