package io.wasmrunner.bus;

/**
 * Asks where the traffic of a service and its contract differ.
 *
 * @param service name of the service; empty for all
 */
public record ContractQuery(String service) implements BusMessage {}
