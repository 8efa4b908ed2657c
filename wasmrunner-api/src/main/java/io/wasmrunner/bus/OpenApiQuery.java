package io.wasmrunner.bus;

/**
 * Asks for the contract of a service.
 *
 * @param service name of the service
 */
public record OpenApiQuery(String service) implements BusMessage {}
