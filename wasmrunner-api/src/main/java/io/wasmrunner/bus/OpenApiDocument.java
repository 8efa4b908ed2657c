package io.wasmrunner.bus;

/**
 * The contract of a service as it was when the service was loaded.
 *
 * @param json text of openapi.json
 */
public record OpenApiDocument(String json) implements BusMessage {}
