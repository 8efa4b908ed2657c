package io.wasmrunner.bus;

/**
 * Asks where a request would go; nothing is sent.
 *
 * @param method its method
 * @param target its path, with or without a query
 */
public record ExplainQuery(String method, String target) implements BusMessage {}
