package io.wasmrunner.bus;

/**
 * Asks for the requests that the entry point refused last.
 *
 * @param limit most of them
 */
public record RefusalsQuery(int limit) implements BusMessage {}
