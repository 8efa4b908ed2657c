package io.wasmrunner.bus;

/** Asks for all queues. */
public record QueuesQuery() implements BusMessage {}
