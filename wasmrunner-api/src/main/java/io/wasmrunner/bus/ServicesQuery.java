package io.wasmrunner.bus;

/** Asks for all services. */
public record ServicesQuery() implements BusMessage {}
