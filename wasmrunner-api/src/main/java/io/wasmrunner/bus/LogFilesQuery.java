package io.wasmrunner.bus;

/**
 * Asks where the log files of a service are.
 *
 * @param service name of the service
 */
public record LogFilesQuery(String service) implements BusMessage {}
